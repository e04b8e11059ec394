#include "report_page.hpp"

namespace mien::reports {

const char* report_style() {
  return R"css(
:root{--ink:#1c2027;--soft:#59616e;--line:#dde1e7;--rail:#eef0f3;--accent:#0072b2}
*{box-sizing:border-box}
html{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{margin:0;background:#fff;color:var(--ink);font:15px/1.5 "Inter","Segoe UI",system-ui,-apple-system,"Helvetica Neue","Noto Sans","DejaVu Sans",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1040px;margin:0 auto;padding:36px 40px 56px}
h1{font-size:30px;line-height:1.2;margin:2px 0 4px;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:20px;line-height:1.25;margin:0 0 10px;letter-spacing:-.01em}
h3{font-size:13px;line-height:1.3;margin:0 0 8px;color:var(--soft);font-weight:600}
p{margin:0 0 10px;max-width:76ch}
.kicker{font-size:13px;color:var(--soft);font-weight:600}
.kicker b{color:var(--accent)}
.sub{color:var(--soft);margin:0 0 18px;overflow-wrap:anywhere}
.lead{border-left:3px solid var(--accent);padding:2px 0 2px 14px;margin:0 0 22px}
.tiles{display:grid;grid-template-columns:repeat(6,1fr);border:1px solid var(--line);border-radius:10px;margin:0 0 34px;overflow:hidden}
.tiles div{padding:11px 16px 12px;box-shadow:-1px -1px 0 var(--line)}
.tiles dt,.tiles span{display:block;font-size:12px;color:var(--soft)}
.tiles b{display:block;font-size:21px;line-height:1.25;font-weight:650;letter-spacing:-.01em;white-space:nowrap}
section{border-top:1px solid var(--line);padding-top:22px;margin-top:30px}
.person-head{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 12px;margin-bottom:10px}
.person-head h2{margin:0;display:flex;align-items:center;gap:9px;overflow-wrap:anywhere}
.dot{flex:none;width:13px;height:13px;border-radius:50%;border:1px solid rgba(0,0,0,.35)}
.person-head span{color:var(--soft);font-size:14px}
.chart{display:block;width:100%;height:auto;font-family:inherit;overflow:visible}
.bars{max-width:400px}
.chart text{font-size:12px;fill:var(--ink)}
.chart .lane{text-anchor:end}
.chart .value{fill:var(--soft)}
.chart .strong{font-weight:650;fill:var(--ink)}
.chart .tick{text-anchor:middle;fill:var(--soft);font-size:11px}
.chart .said{text-anchor:middle;font-size:11.5px;font-weight:600}
.chart .flagged{text-anchor:middle;font-size:10.5px;font-weight:650;fill:#fff}
.flag{fill:#1c2027}
.moment{stroke:#1c2027;stroke-width:1;stroke-dasharray:3 3;fill:none}
.grid{stroke:#d3d8df;stroke-width:.8;fill:none}
.base{stroke:#c3c9d2;stroke-width:.8;fill:none}
.zero{stroke:#7b8494;stroke-width:.8;fill:none}
.there{fill:#f5f6f8}
.rail{fill:var(--rail)}
.area{fill-opacity:.85;stroke-width:.8;vector-effect:non-scaling-stroke}
.valence{fill:#7b8494;fill-opacity:.55;stroke:#3d4552;stroke-width:.8;vector-effect:non-scaling-stroke}
.rate{fill:none;stroke:var(--accent);stroke-width:1.6}
.note{font-size:13px;color:var(--soft);margin:6px 0 0;max-width:none}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:12.5px;margin:6px 0 0;max-width:none}
.columns>div>div+div{margin-top:20px}
.episode-list{margin-top:20px}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:22px 36px;margin-top:18px;align-items:start}
.thumbs{display:flex;flex-wrap:wrap;gap:12px 14px;margin:16px 0 0}
.thumbs figure{margin:0;width:104px;font-size:12px;line-height:1.35;text-align:center;color:var(--soft)}
.thumbs img{display:block;width:104px;height:104px;object-fit:cover;border-radius:8px;border:1px solid var(--line);margin-bottom:4px}
.thumbs b{display:block;color:var(--ink);font-weight:600}
table{border-collapse:collapse;font-size:13.5px}
th,td{text-align:left;padding:4px 14px 4px 0;vertical-align:top}
thead th{color:var(--soft);font-weight:600;font-size:12px;border-bottom:1px solid var(--line)}
tbody tr+tr td,tbody tr+tr th{border-top:1px solid #eef0f3}
td.num,th.num{text-align:right}
td.what{overflow-wrap:anywhere}
.facts th{color:var(--soft);font-weight:400;white-space:nowrap;padding-right:20px}
.facts td{overflow-wrap:anywhere}
.hint{color:var(--soft);font-size:12px}
.matrix td,.matrix th{padding:5px 9px;text-align:center;border:1px solid var(--line)}
.matrix thead th{border:1px solid var(--line);background:#fafbfc}
.matrix tbody th{text-align:right;font-weight:400;background:#fafbfc}
.matrix .corner{font-weight:400;white-space:nowrap}
.tight{font-size:12.5px}
.tight td,.tight th{padding:3px 5px}
.tight td{min-width:30px}
.tight thead th{vertical-align:bottom}
.tight thead span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap}
.matrix .none{color:#a9b0bb}
.matrix .self{background:#f3f4f6}
.episodes{columns:3 230px;column-gap:34px;list-style:none;margin:0;padding:0;font-size:13.5px}
.episodes li{display:flex;gap:8px;padding:2.5px 0;border-bottom:1px solid #eef0f3;break-inside:avoid}
.episodes .when{min-width:96px;color:var(--soft);white-space:nowrap}
.episodes .word{flex:1}
.chip{display:inline-block;width:10px;height:10px;border-radius:2px;border:1px solid;margin-right:7px}
.badge{display:inline-block;min-width:19px;padding:0 6px;border-radius:10px;background:#1c2027;color:#fff;font-size:11.5px;font-weight:650;text-align:center}
.defs{position:absolute;width:0;height:0}
footer{margin-top:36px;padding-top:14px;border-top:1px solid var(--line);font-size:12.5px;color:var(--soft)}
.rate-chart{margin-top:20px}
/* Charts shrink with the page; their words do not. */
@media (max-width:860px){
main{padding:24px 22px 40px}
.tiles{grid-template-columns:repeat(3,1fr)}
.chart text{font-size:14.5px}.chart .tick{font-size:13px}.chart .said{font-size:13.5px}.chart .flagged{font-size:12px}
.bars text{font-size:12.5px}
}
@page{size:A4;margin:14mm 13mm}
@media print{
body{font-size:10.5pt}
main{max-width:none;padding:0}
h1{font-size:20pt}h2{font-size:14pt}
h2,h3{break-after:avoid}
.chart,.thumbs,.matrix,.tiles,.columns>div>div,tr,.person-head{break-inside:avoid}
.person-head{break-after:avoid}
section{margin-top:18px;padding-top:14px}
.episodes{columns:3 170px;column-gap:18px;font-size:9.5pt}
.chart text{font-size:14.5px}.chart .tick{font-size:13px}.chart .said{font-size:13.5px}.chart .flagged{font-size:12px}
.bars text{font-size:12.5px}
.columns{grid-template-columns:repeat(2,1fr);gap:12px 24px}
.tiles{grid-template-columns:repeat(6,1fr)}
.tiles div{padding:8px 10px}.tiles b{font-size:13.5pt}
}
)css";
}

}  // namespace mien::reports
