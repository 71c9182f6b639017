//! The page in a real browser: what a reader does is done by a script at its end, and what came of it is read from
//! the page as the browser prints it. `CHROMIUM` names the browser; without one this says so and does nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{eu_cohesion, wenchuan};

fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let there =
        |name: &str| std::env::split_paths(&folders).map(|f| f.join(name)).find(|path| path.is_file());
    let found =
        named.or_else(|| ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(there));
    if found.is_none() {
        eprintln!(
            "SKIPPED: no Chromium on the path and none in CHROMIUM; the page was not tried in a browser"
        );
    }
    found
}

/// Loads a page, does something in it, and gives what it says at the end.
fn after(page: &Path, width: u32, doing: &str) -> Option<String> {
    let browser = browser()?;
    let folder = tempfile::tempdir().unwrap();
    let mut text = std::fs::read_to_string(page).unwrap();
    let script = format!(
        "<script>window.addEventListener('load',()=>{{let told;try{{told=(()=>{{{doing}}})()}}catch(e){{told='error '+e}}\
         const out=document.createElement('pre');out.id='told';out.textContent=JSON.stringify(told);\
         document.body.append(out)}})</script></body>"
    );
    text = text.replace("</body>", &script);
    let tried = folder.path().join("page.html");
    std::fs::write(&tried, text).unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
        ])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("--window-size={width},900"))
        .args(["--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!("file://{}", tried.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = dom.split_once("<pre id=\"told\">").unwrap_or_else(|| panic!("{output:?}")).1;
    Some(told.split_once("</pre>").unwrap().0.replace("&amp;", "&").replace("&gt;", ">").replace("&lt;", "<"))
}

#[test]
fn a_table_is_sorted_and_back() {
    let doing = "const table=document.getElementById('table-province');\
        const column=[...table.tHead.rows[0].cells].length-1;\
        const read=()=>[...table.tBodies[0].rows].map(r=>r.cells[column].textContent.trim());\
        const before=read();const button=table.tHead.rows[0].cells[column].querySelector('button');\
        button.click();const up=read();button.click();const down=read();\
        const sort=table.tHead.rows[0].cells[column].getAttribute('aria-sort');button.click();\
        const n=t=>Number(t.replace(/,/g,''));const body=x=>x.slice(0,-1).map(n);\
        const ordered=(x,w)=>x.every((v,i)=>i===0||w*(v-x[i-1])>=0);\
        return [ordered(body(up),1),ordered(body(down),-1),up.at(-1)===before.at(-1),sort,\
        JSON.stringify(read())===JSON.stringify(before)]";
    let Some(told) = after(&wenchuan().file("annex.html"), 1280, doing) else { return };
    assert_eq!(told, r#"[true,true,true,"descending",true]"#);
}

/// With a head of two rows: the last one sorts, the total stays last, subtotals are put away.
#[test]
fn a_table_with_a_head_over_several_columns_is_sorted() {
    let doing = "const table=document.getElementById('table-site_sector');\
        const heads=[...table.tHead.rows[1].cells];const column=heads.length-2;\
        heads[column].querySelector('button').click();\
        const seen=[...table.tBodies[0].rows].filter(r=>getComputedStyle(r).display!=='none');\
        const read=r=>Number(r.cells[column].textContent.replace(/,/g,''));const body=seen.slice(0,-1).map(read);\
        return [table.tHead.rows.length,body.length>1000,body.every((v,i)=>i===0||v>=body[i-1]),\
        seen.at(-1).classList.contains('sum'),seen.every(r=>!r.classList.contains('sub'))]";
    let Some(told) = after(&eu_cohesion().file("annex.html"), 1280, doing) else { return };
    assert_eq!(told, "[2,true,true,true,true]");
}

/// Marks are seen without colours, and sorting goes by what this run says.
#[test]
fn what_changed_is_seen_and_sorted() {
    let doing = "const table=document.getElementById('table-site_sector');\
        const style=(e,p)=>getComputedStyle(e,p);const row=c=>table.querySelector('tr.'+c);\
        const word=c=>style(row(c).cells[0],'::before').content;\
        const lines=e=>style(e).textDecorationLine;\
        const head=table.tHead.rows[0].cells[3];head.querySelector('button').click();\
        const number=c=>Number((c.querySelector('ins')??c).textContent.replace(/,/g,''));\
        const rows=[...table.tBodies[0].rows].filter(r=>!r.matches('.sub,.sum,.gone'));\
        const changed=row('changed').cells[3];\
        return [word('new'),word('gone'),lines(changed.querySelector('del')),lines(changed.querySelector('ins')),\
        rows.every((r,i)=>i===0||number(r.cells[3])>=number(rows[i-1].cells[3]))]";
    let Some(told) = after(&super::redline::page(), 1280, doing) else { return };
    assert_eq!(told, r#"["\"new\"","\"dropped\"","line-through","underline",true]"#);
}

#[test]
fn the_language_is_switched() {
    let doing = "const seen=()=>[...document.querySelectorAll('h1 span')].filter(s=>getComputedStyle(s).display!=='none')\
        .map(s=>s.lang).join();\
        const a=[document.documentElement.lang,seen()];document.getElementById('language').click();\
        return [...a,document.documentElement.lang,seen()]";
    let Some(told) = after(&wenchuan().file("annex.html"), 1280, doing) else { return };
    assert_eq!(told, r#"["zh","zh","en","en"]"#);
}

#[test]
fn a_table_is_filtered() {
    let doing = "const box=document.getElementById('table-site_sector').parentElement.previousElementSibling;\
        const input=box.querySelector('input');input.value='Hungary';input.dispatchEvent(new Event('input'));\
        const rows=[...document.getElementById('table-site_sector').tBodies[0].rows];\
        const left=rows.filter(r=>!r.hidden);\
        return [left.length>0,left.length<rows.length,left.every(r=>r.textContent.includes('Hungary')||r.textContent.includes('HU')),\
        Number(box.querySelector('output').value.replace(/\\D/g,''))===left.length]";
    let Some(told) = after(&eu_cohesion().file("annex.html"), 1280, doing) else { return };
    assert_eq!(told, "[true,true,true,true]");
}

#[test]
fn a_chart_is_folded_and_opened_and_drawn() {
    let doing = "const chart=document.getElementById('chart-flows').querySelector('details');const was=chart.open;\
        chart.querySelector('summary').click();const folded=chart.open;chart.querySelector('summary').click();\
        const box=chart.querySelector('svg').getBoundingClientRect();\
        return [was,folded,chart.open,box.width>300,box.height>200,chart.querySelectorAll('path').length>40]";
    let Some(told) = after(&wenchuan().file("annex.html"), 1280, doing) else { return };
    assert_eq!(told, "[true,false,true,true,true,true]");
}

#[test]
fn a_phone_scrolls_tables_and_not_the_page() {
    let doing = "return document.documentElement.scrollWidth<=window.innerWidth";
    for made in [wenchuan(), eu_cohesion()] {
        let Some(told) = after(&made.file("annex.html"), 500, doing) else { return };
        assert_eq!(told, "true");
    }
}
