// A certified OpenID provider on loopback, for the tests alone: node provider.mjs '{"port", "issuer", …}'.
import Provider from "oidc-provider";

const asked = JSON.parse(process.argv[2]);
const people = {
  rapporteur: { email: "roy@court.example", given_name: "Anne", family_name: "Roy", groups: ["/chambres/soc"] },
  greffe: { email: "petit@court.example", groups: ["/greffe"] },
  etranger: { email: "personne@court.example" },
};
const closed = new Set();
const provider = new Provider(asked.issuer, {
  clients: [
    {
      client_id: "portail",
      redirect_uris: [`${asked.portal}/connexion/retour`],
      post_logout_redirect_uris: [`${asked.portal}/connexion`],
      response_types: ["code"],
      grant_types: ["authorization_code", "refresh_token"],
      backchannel_logout_uri: `${asked.portal}/connexion/fin`,
      backchannel_logout_session_required: true,
      id_token_signed_response_alg: "RS256",
      userinfo_signed_response_alg: asked.signedUserinfo ? "RS256" : undefined,
      ...asked.client,
    },
  ],
  jwks: asked.jwks,
  pkce: { required: () => true },
  scopes: ["openid", "offline_access", "profile", "email"],
  claims: {
    openid: ["sub", "groups"],
    email: ["email", "email_verified"],
    profile: ["given_name", "family_name"],
    acr: null,
    auth_time: null,
    sid: null,
  },
  conformIdTokenClaims: true,
  acrValues: ["eidas1", "eidas2"],
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    userinfo: { enabled: true },
    jwtUserinfo: { enabled: true },
  },
  findAccount: async (_ctx, id) =>
    people[id] && !closed.has(id)
      ? { accountId: id, claims: async () => ({ sub: id, email_verified: true, ...people[id] }) }
      : undefined,
  // Its own fetch refuses loopback addresses; this portal is on one.
  fetch: (address, { dispatcher: _, ...options } = {}) => fetch(address, options),
  cookies: { keys: ["tests"] },
  ttl: { IdToken: 300, AccessToken: 300, Session: 3600, Grant: 3600, Interaction: 600, RefreshToken: 3600 },
});
provider.proxy = true;
provider.use(async (ctx, next) => {
  if (ctx.path === "/tests/close") {
    closed.add(ctx.query.account);
    ctx.body = "closed";
    return;
  }
  if (ctx.path === "/tests/open") {
    closed.delete(ctx.query.account);
    ctx.body = "open";
    return;
  }
  await next();
});
provider.listen(asked.port, "127.0.0.1", () => console.log("listening"));
