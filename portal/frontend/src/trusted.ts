// The one door through which the server's own pages become elements (Trusted Types).

interface Policy {
  createHTML(html: string): string;
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: Policy): Policy;
}

const plain: Policy = { createHTML: (html) => html, createScriptURL: (url) => url };
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const policy = factory ? factory.createPolicy("minutier", plain) : plain;

/** Parse a partial page that this portal rendered; templates have escaped everything in it. */
export function parseOwn(html: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  return document.importNode(template.content, true);
}

/** An address of this portal from which a worker may run. Throws for any other origin. */
export function ownScript(path: string): string {
  const url = new URL(path, location.href);
  if (url.origin !== location.origin) throw new Error("foreign script");
  return policy.createScriptURL(url.href);
}
