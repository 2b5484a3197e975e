/** The module's public face: importing it defines `<minutier-editor>`. */
import "./editor.css";
import { MinutierEditor } from "./element.js";

export { MinutierEditor } from "./element.js";
export type { Status, StatusState } from "./status.js";

if (!customElements.get("minutier-editor")) customElements.define("minutier-editor", MinutierEditor);
