// Requests to the portal: its token goes with every change, and its sentence comes back with every refusal.

export const OFFLINE = "Le portail ne répond pas. Rien n'est perdu ; réessayez dans un instant.";

/** A refusal whose message is the portal's sentence, for the person. */
export class Refused extends Error {}

export function token(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

export async function getPage(address: string, signal: AbortSignal): Promise<string> {
  const response = await ask(address, { headers: { Accept: "text/html", "X-Part": "1" }, signal });
  return response.text();
}

export async function getJson<T>(address: string): Promise<T> {
  const response = await ask(address, { headers: { Accept: "application/json" } });
  return (await response.json()) as T;
}

export async function post(
  address: string,
  form: FormData | URLSearchParams = new URLSearchParams(),
): Promise<void> {
  await ask(address, {
    method: "POST",
    body: form,
    headers: { Accept: "application/json", "X-CSRF-Token": token() },
  });
}

async function ask(address: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, { ...init, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refused(OFFLINE);
  }
  if (response.redirected && new URL(response.url).pathname === "/connexion") {
    location.assign(`/connexion?suite=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (!response.ok) throw new Refused(await sentence(response));
  return response;
}

/** The sentence of an error answer, in either of its two forms. */
export async function sentence(response: Response): Promise<string> {
  const body = await response.text();
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed && typeof parsed === "object" && "error" in parsed && typeof parsed.error === "string") {
      return parsed.error;
    }
  } catch {
    // a page, then
  }
  return response.status === 404
    ? "Introuvable : ce document n'existe pas, ou il ne vous est pas ouvert."
    : OFFLINE;
}
