# Writes CHANGELOG.md in another form, so that there is one text for all of them:
#   awk -v form=debian -v maintainer='NAME <ADDRESS>' -f changelog.awk CHANGELOG.md
#   awk -v form=appstream -f changelog.awk CHANGELOG.md
# A version is "## [1.2.3] - 2026-11-27", a change a list item with its indented lines; what comes
# before the first version and under "## [Unreleased]" is left out.

function weekday(y, m, d,   t) {  # Sakamoto's rule; 0 is Sunday
  split("0 3 2 5 0 3 5 1 4 6 2 4", t, " ")
  if (m < 3) y -= 1
  return (y + int(y / 4) - int(y / 100) + int(y / 400) + t[m] + d) % 7
}

function debian_date(iso,   part) {
  split(iso, part, "-")
  return substr("SunMonTueWedThuFriSat", weekday(part[1] + 0, part[2] + 0, part[3] + 0) * 3 + 1, 3) ", " \
         part[3] " " substr("JanFebMarAprMayJunJulAugSepOctNovDec", part[2] * 3 - 2, 3) " " part[1] \
         " 00:00:00 +0000"
}

function xml(text) {
  gsub(/&/, "\\&amp;", text)
  gsub(/</, "\\&lt;", text)
  gsub(/>/, "\\&gt;", text)
  gsub(/`/, "", text)
  return text
}

function wrap(text,   word, count, line, i) {  # to lines of less than 80 characters
  count = split(text, word, " ")
  line = "  *"
  for (i = 1; i <= count; i++) {
    if (length(line) + 1 + length(word[i]) > 78) {
      print line
      line = "   "
    }
    line = line " " word[i]
  }
  print line
}

function end_item() {
  if (item == "") return
  if (form == "appstream") print "          <li>" xml(item) "</li>"
  else wrap(item)
  item = ""
}

function end_version() {
  if (version == "") return
  end_item()
  if (form == "appstream") {
    print "        </ul>"
    print "      </description>"
    print "    </release>"
  } else {
    print "\n -- " maintainer "  " debian_date(date)
  }
  version = ""
}

/^## / {
  end_version()
  if (!match($0, /^## \[[0-9][0-9.]*\] - [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$/)) next
  version = substr($2, 2, length($2) - 2)
  date = $4
  if (form == "appstream") {
    print "    <release version=\"" version "\" date=\"" date "\">"
    print "      <description>"
    print "        <ul>"
  } else {
    if (any) print ""
    print "mien (" version ") unstable; urgency=medium\n"
    any = 1
  }
  next
}
version == "" || /^### / || /^$/ { next }
/^- / {
  end_item()
  item = substr($0, 3)
  next
}
/^  / {
  sub(/^ +/, "")
  item = item " " $0
}
END { end_version() }
