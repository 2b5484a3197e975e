import { getSchema } from "@tiptap/core";
import type { MarkType, NodeType } from "@tiptap/pm/model";
import { describe, expect, it } from "vitest";
import stated from "../../schema.json" with { type: "json" };
import { isSafeLink, schemaExtensions } from "../src/schema.js";

interface Stated {
  group?: string;
  content?: string;
  children?: string[];
  marks?: string[];
  attributes?: Record<string, { default: unknown }>;
}

const schema = getSchema(schemaExtensions);
const nodes: Record<string, Stated> = stated.nodes;
const marks: Record<string, Stated> = stated.marks;

function defaultsOf({ spec }: NodeType | MarkType): Record<string, unknown> {
  return Object.fromEntries(Object.entries(spec.attrs ?? {}).map(([name, attr]) => [name, attr.default]));
}

function statedDefaults({ attributes = {} }: Stated): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, attribute.default]));
}

/** Names of the nodes that may stand anywhere in a node's content. */
function childrenOf(type: NodeType): string[] {
  const found = new Set<string>();
  const seen = new Set([type.contentMatch]);
  for (const match of seen) {
    for (let at = 0; at < match.edgeCount; at += 1) {
      const edge = match.edge(at);
      found.add(edge.type.name);
      seen.add(edge.next);
    }
  }
  return [...found].sort();
}

function expanded(names: readonly string[] = []): string[] {
  const members = (name: string) =>
    name in nodes ? [name] : Object.keys(nodes).filter((node) => nodes[node]?.group === name);
  return [...new Set(names.flatMap(members))].sort();
}

describe("The editor's schema and schema.json", () => {
  it("name the same nodes and the same marks", () => {
    expect(Object.keys(schema.nodes).sort()).toEqual(Object.keys(nodes).sort());
    expect(Object.keys(schema.marks).sort()).toEqual(Object.keys(marks).sort());
  });

  it.each(Object.keys(nodes))("give %s the same content, group, attributes and marks", (name) => {
    const [type, node] = [schema.nodes[name], nodes[name]];
    if (!type || !node) throw new Error(`${name} is missing`);
    expect(type.spec.content ?? "").toBe(node.content ?? "");
    expect((type.spec.group ?? "").split(" ").find((group) => group !== "list") ?? "").toBe(node.group ?? "");
    expect(defaultsOf(type)).toEqual(statedDefaults(node));
    expect(childrenOf(type)).toEqual(expanded(node.children));
    const allowed = type.inlineContent
      ? Object.values(schema.marks).filter((mark) => type.allowsMarkType(mark))
      : [];
    expect(allowed.map((mark) => mark.name).sort()).toEqual([...(node.marks ?? [])].sort());
  });

  it.each(Object.keys(marks))("give the mark %s the same attributes", (name) => {
    const [type, mark] = [schema.marks[name], marks[name]];
    if (!type || !mark) throw new Error(`${name} is missing`);
    expect(defaultsOf(type)).toEqual(statedDefaults(mark));
  });

  it("allow the same schemes in a link", () => {
    for (const scheme of stated.marks.link.attributes.href.schemes)
      expect(isSafeLink(`${scheme}:x`)).toBe(true);
    for (const href of ["javascript:x", "data:x", "ftp://x", "//x", "x", ""])
      expect(isSafeLink(href)).toBe(false);
  });
});
