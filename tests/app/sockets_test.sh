#!/bin/bash
# No socket of the network is open but those of the outputs that were switched on: none by default,
# and with --send, or remembered, exactly theirs.
# Arguments: the program, the source tree. Exit code 77: cannot be tried here.
mien=$1 source=$2

source "$(dirname "$0")/window_session.sh"
settings=$XDG_CONFIG_HOME/mien/settings.json

# The protocol, the local and the remote port of each socket that the program holds.
sockets() {
  local links
  links=$(find "/proc/$program/fd" -lname 'socket:*' -printf '%l\n' 2>/dev/null)
  for protocol in tcp tcp6 udp udp6 raw raw6; do
    [ -r "/proc/$program/net/$protocol" ] || continue
    tail -n +2 "/proc/$program/net/$protocol" | while read -r _ here there _ _ _ _ _ _ inode _; do
      grep -qx "socket:\[$inode\]" <<<"$links" &&
        echo "$protocol $((16#${there##*:}))"
    done
  done
}
has() { [ "$(sockets)" = "$1" ]; }
has_face() { title_has "auto"; }

start --source demo
until_true 60 has_face || fail "no detector was loaded"
sleep 2
has "" || fail "sockets by default: $(sockets)"
quit

start --source demo --send osc:127.0.0.1:9123
until_true 60 has "udp 9123" || fail "sockets with --send: $(sockets)"
sleep 1
has "udp 9123" || fail "more sockets with --send: $(sockets)"
quit
grep -q 9123 "$settings" && fail "--send was remembered"

# The web output listens, and does nothing else.
start --source demo --send web:9126
until_true 60 has "tcp 0" || fail "sockets with the web output: $(sockets)"
sleep 1
has "tcp 0" || fail "more sockets with the web output: $(sockets)"
quit

# What was switched on comes back on at the next start.
echo '{"notice_acknowledged": true, "outputs": ["osc:127.0.0.1:9124"]}' >"$settings"
start --source demo
until_true 60 has "udp 9124" || fail "sockets with a remembered output: $(sockets)"
quit

# A host that nobody knows is said, and nothing else happens.
start --source demo --send osc:nobody.invalid:9125 --record --sessions "$folder/sessions"
recorded() { ls "$folder"/sessions/*/faces.csv >/dev/null 2>&1; }
until_true 60 recorded || fail "an unknown host stopped the recording"
quit

# Without a window.
"$mien" analyze demo --seconds 2 --out "$folder/plain" >"$folder/log" 2>&1 & program=$!
while kill -0 "$program" 2>/dev/null; do
  open=$(sockets)
  [ -z "$open" ] || fail "sockets of analyze by default: $open"
  sleep 0.05
done
wait "$program" || fail "analyze failed"
program=
echo "all well"
