import { DOMSerializer } from "@tiptap/pm/model";
import { afterEach, describe, expect, it } from "vitest";
import { clean, withoutStyles } from "../src/paste.js";
import { makeEditor } from "./editor.js";

const editors: ReturnType<typeof makeEditor>[] = [];

/** What the document holds after a paste, as HTML. */
function pasted(html: string): string {
  const editor = makeEditor();
  editors.push(editor);
  editor.view.pasteHTML(html, new Event("paste") as ClipboardEvent);
  const host = document.createElement("div");
  host.append(DOMSerializer.fromSchema(editor.schema).serializeFragment(editor.state.doc.content));
  return host.innerHTML;
}

afterEach(() => {
  for (const editor of editors.splice(0)) editor.destroy();
});

const WORD_LIST = `
<p class=MsoListParagraphCxSpFirst style='margin-left:36.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Un<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a.<span>&nbsp;</span></span>Un a</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.</span>Deux</p>
<p class=MsoNormal>Après</p>`;

describe("Paste", () => {
  it("keeps headings, paragraphs, bold, italic and underline from Word", () => {
    const html = pasted(`<html xmlns:o="urn:x"><head><style>p {color:red}</style></head><body>
      <h1 style='mso-style:x'>Faits<o:p></o:p></h1>
      <p class=MsoNormal><b>Gras</b> <i>ital</i> <u>sou</u> <span style='color:red'>rouge</span></p></body></html>`);
    expect(html).toBe("<h1>Faits</h1><p><strong>Gras</strong> <em>ital</em> <u>sou</u> rouge</p>");
  });

  it("turns styles that stand for bold and italic into marks", () => {
    expect(pasted('<p><span style="font-weight:700;font-style:italic">x</span></p>')).toBe(
      "<p><strong><em>x</em></strong></p>",
    );
  });

  it("does not take Google's bold wrapper for bold", () => {
    expect(pasted('<b style="font-weight:normal" id="docs-internal"><p>x</p></b>')).toBe("<p>x</p>");
  });

  it("makes lists again of Word's list paragraphs, with their levels", () => {
    expect(pasted(WORD_LIST)).toBe(
      "<ol><li><p>Un</p><ol><li><p>Un a</p></li></ol></li><li><p>Deux</p></li></ol><p>Après</p>",
    );
  });

  it("keeps LibreOffice's lists and tables", () => {
    const html = pasted(`<ul><li><p style="margin-bottom: 0cm">un</p></li><li><p>deux</p></li></ul>
      <table width="100%" cellpadding="4"><col width="50%"><tr valign="top"><th>A</th><td colspan="2" bgcolor="#fff"><p>B</p></td></tr></table>`);
    expect(html).toContain("<ul><li><p>un</p></li><li><p>deux</p></li></ul>");
    expect(html).toMatch(
      /<table><tbody><tr><th[^>]*><p>A<\/p><\/th><td colspan="2"[^>]*><p>B<\/p><\/td><\/tr>/,
    );
    expect(html).not.toMatch(/style|bgcolor|width=/);
  });

  it("keeps centring and justification, from styles or from the align attribute", () => {
    const html = pasted(
      '<p style="text-align:justify">a</p><p align=center>b</p><p style="text-align:left">c</p>',
    );
    expect(html).toBe('<p data-align="justify">a</p><p data-align="center">b</p><p>c</p>');
  });

  it("brings Word's and LibreOffice's footnotes to their call", () => {
    const word =
      pasted(`<p>Vu<a style='x' href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a> la loi</p>
      <div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1>
      <p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a> Loi du 3 mars.</p></div></div>`);
    expect(word).toBe('<p>Vu<span data-footnote="">Loi du 3 mars.</span> la loi</p>');
    const libre =
      pasted(`<p>Vu<sup><a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym">1</a></sup> la loi</p>
      <div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>Loi du 3 mars.</p></div>`);
    expect(libre).toBe(word);
  });

  it("drops images, scripts, frames and forms", () => {
    const html = pasted(
      '<p>a<img src="https://evil/x.png" onerror="alert(1)"><script>alert(1)</script><svg onload=alert(1)></svg></p><iframe src="//x"></iframe><form><input value=x>b</form>',
    );
    expect(html).toContain("<p>a</p>");
    expect(html).not.toMatch(/img|script|svg|iframe|form|input|alert/);
  });

  it.each([
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "java\nscript:alert(1)",
    "/relatif",
  ])("refuses a link to %j and keeps its words", (href) => {
    expect(pasted(`<p><a href="${href}">mot</a></p>`)).toBe("<p>mot</p>");
  });

  it("keeps a link to the web", () => {
    expect(pasted('<p><a href="https://www.courdecassation.fr/" onclick="x()">mot</a></p>')).toContain(
      'href="https://www.courdecassation.fr/"',
    );
  });

  it("drops Office's empty paragraphs", () => {
    expect(pasted("<p>a</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p>b</p>")).toBe("<p>a</p><p>b</p>");
  });

  it("makes deeper headings the third level", () => {
    expect(pasted("<h5>x</h5><p>y</p>")).toBe("<h3>x</h3><p>y</p>");
  });

  it("copies and pastes its own footnotes, numbers and alignment unchanged", () => {
    const own = '<h2 data-align="center">t</h2><p data-numbered="">a<span data-footnote="">n</span></p>';
    expect(pasted(own)).toBe(own);
  });
});

describe("withoutStyles", () => {
  it("leaves no style or handler for the browser to try", () => {
    const html = withoutStyles(
      `<style>a{}</style><p style="color:red" ONCLICK='x'>style="kept as text"</p><p/style=x><script>1</script>`,
    );
    expect(html).not.toMatch(/<[^>]*[\s"'/]style=|onclick|<style|<script/i);
    expect(html).toContain('style="kept as text"');
  });
});

describe("clean", () => {
  it("leaves only attributes that mean something here", () => {
    const root = document.createElement("div");
    root.innerHTML =
      '<p id="a" class="b" title="c" data-align="center"><a href="https://x.fr" target="y">z</a></p>';
    clean(root);
    expect(root.innerHTML).toBe('<p data-align="center"><a href="https://x.fr">z</a></p>');
  });
});
