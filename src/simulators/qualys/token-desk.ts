import type { IncomingHttpHeaders } from 'node:http';
import { page, type Reply } from './reply.ts';

/** An OAuth client and the tokens that it gets. */
export interface SimulatedClient {
  readonly id: string;
  readonly secret: string;
  /** Default user. */
  readonly level?: 'user' | 'subscription';
  /** For how long a token says that it holds; default 4 hours. Infinity: it does not say. */
  readonly seconds?: number;
  /** The token alone, or in a JSON answer of OAuth's; default alone. */
  readonly form?: 'alone' | 'json';
  /** After how many calls a token is refused nevertheless; default: never. */
  readonly calls?: number;
  /** The token itself, for one that is no JWT. */
  readonly token?: string;
  /** Whether the classic calls under /msp/ take a token, which is not known of the real ones; default false. */
  readonly classic?: boolean;
}

const PATHS = { user: '/auth/oidc', subscription: '/auth/oauth' } as const;

/** The gateway of the simulated platform: gives tokens and knows which of them hold. */
export class TokenDesk {
  readonly #client: SimulatedClient | undefined;
  readonly #callsLeft = new Map<string, number>();

  constructor(client: SimulatedClient | undefined) {
    this.#client = client;
  }

  /** Tokens given. */
  get given(): number {
    return this.#callsLeft.size;
  }

  /** Whether the call is made with a token that holds; counts it. */
  takes(authorization: string | undefined, path: string): boolean {
    const token = authorization?.replace(/^Bearer /, '') ?? '';
    const left = this.#callsLeft.get(token) ?? 0;
    if (left <= 0 || (path.startsWith('/msp/') && this.#client?.classic !== true)) return false;
    this.#callsLeft.set(token, left - 1);
    return true;
  }

  /** The answer to a request for a token; undefined where the path is not the gateway's. */
  answer(path: string, method: string, headers: IncomingHttpHeaders): Reply | undefined {
    if (path !== PATHS.user && path !== PATHS.subscription) return undefined;
    const client = this.#client;
    if (method !== 'POST') return page(405, 'Method Not Allowed');
    if (client === undefined || path !== PATHS[client.level ?? 'user'] || headers.clientid !== client.id) {
      return { status: 401, type: 'application/json', body: '{"message":"Invalid Client ID"}' };
    }
    if (headers.clientsecret !== client.secret) {
      return { status: 401, type: 'application/json', body: '{"message":"Invalid client secret"}' };
    }
    const token = this.#make(client);
    if (client.form !== 'json') return { status: 200, type: 'text/plain', body: token };
    const body = JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 14_400 });
    return { status: 200, type: 'application/json', body };
  }

  #make({ seconds = 14_400, calls = Infinity, token = this.#jwt(seconds) }: SimulatedClient): string {
    this.#callsLeft.set(token, calls);
    return token;
  }

  #jwt(seconds: number): string {
    const iat = Math.floor(Date.now() / 1000);
    const claims = { jti: this.given + 1, iat, ...(seconds === Infinity ? {} : { exp: iat + seconds }) };
    const parts = [{ alg: 'none' }, claims].map((part) => encoded(JSON.stringify(part)));
    return `${parts.join('.')}.${encoded('simulated signature')}`;
  }
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64url');
}
