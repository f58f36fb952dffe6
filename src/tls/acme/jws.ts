/** Signed requests of ACME (RFC 8555, section 6.2): JWS (RFC 7515) by ES256, and by HMAC to bind an account. */
export interface AccountKey {
  readonly key: CryptoKey;
  /** The public half, members in the order of RFC 7638. */
  readonly jwk: PublicJwk;
}

export interface PublicJwk {
  readonly crv: 'P-256';
  readonly kty: 'EC';
  readonly x: string;
  readonly y: string;
}

/** As it is kept. */
export interface PrivateJwk extends PublicJwk {
  readonly d: string;
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' };

export async function newAccountKey(): Promise<PrivateJwk> {
  const made = await crypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  if (!('privateKey' in made)) throw new Error('ECDSA keys come in pairs');
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', made.privateKey);
  return { crv: 'P-256', kty: 'EC', x, y, d };
}

export async function openAccountKey({ d, ...jwk }: PrivateJwk): Promise<AccountKey> {
  return { jwk, key: await crypto.subtle.importKey('jwk', { ...jwk, d }, curve, false, ['sign']) };
}

export type JwsHeader = Readonly<Record<string, unknown>>;

/** `payload`: undefined for POST-as-GET (section 6.3). */
export async function signJws({ key }: AccountKey, header: JwsHeader, payload: unknown): Promise<string> {
  const sign = async (input: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> =>
    await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, input);
  return JSON.stringify(await jws({ alg: 'ES256', ...header }, payload, sign));
}

/** The binding of section 7.3.4: the account's public key, signed with the key that the authority has given. */
export async function bindAccount(
  { jwk }: AccountKey,
  { id, secret, url }: { readonly id: string; readonly secret: string; readonly url: string },
): Promise<unknown> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const bytes = Uint8Array.fromBase64(secret.replaceAll('=', ''), { alphabet: 'base64url' });
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign']);
  return await jws(
    { alg: 'HS256', kid: id, url },
    jwk,
    async (input) => await crypto.subtle.sign('HMAC', key, input),
  );
}

/** RFC 7638: what the answer to a challenge ends with. */
export async function thumbprint({ crv, kty, x, y }: PublicJwk): Promise<string> {
  return await sha256Base64url(JSON.stringify({ crv, kty, x, y }));
}

export async function sha256Base64url(text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

export function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
}

async function jws(
  header: JwsHeader,
  payload: unknown,
  sign: (input: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>,
): Promise<Readonly<Record<'protected' | 'payload' | 'signature', string>>> {
  const encoded = (value: unknown): string => base64url(new TextEncoder().encode(JSON.stringify(value)));
  const [head, body] = [encoded(header), payload === undefined ? '' : encoded(payload)];
  const signature = base64url(new Uint8Array(await sign(new TextEncoder().encode(`${head}.${body}`))));
  return { protected: head, payload: body, signature };
}
