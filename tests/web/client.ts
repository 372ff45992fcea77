import { newId } from '../../src/platform/id.js';

/** A page as it came. */
export interface Page {
  status: number;
  /** Where a redirect leads. */
  location: string | null;
  html: string;
  title: string;
  headers: Headers;
}

/** A browser without JavaScript: it keeps cookies and sends forms as a page of ours would. */
export class Client {
  private readonly cookies = new Map<string, string>();

  constructor(
    readonly url: string,
    cookie?: string,
  ) {
    if (cookie) this.keep(cookie);
  }

  get = (path: string): Promise<Page> => this.send(path, {});

  /** Sends a form; `headers` may pretend that it comes from elsewhere. */
  post(path: string, fields: Record<string, string | string[]> = {}, headers: Record<string, string> = { Origin: this.url }): Promise<Page> {
    const body = new URLSearchParams(Object.entries(fields).flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, each])));
    return this.send(path, { method: 'POST', body, headers });
  }

  private async send(path: string, init: RequestInit): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.url + path, { ...init, redirect: 'manual', headers: { ...(init.headers as Record<string, string>), ...(cookie ? { Cookie: cookie } : {}) } });
    response.headers.getSetCookie().forEach((each) => this.keep(each));
    const html = await response.text();
    return { status: response.status, location: response.headers.get('location'), html, title: /<title>(.*)<\/title>/.exec(html)?.[1] ?? '', headers: response.headers };
  }

  private keep(cookie: string): void {
    const [pair, ...attributes] = cookie.split(/;\s*/);
    const [name, value] = [pair!.slice(0, pair!.indexOf('=')), pair!.slice(pair!.indexOf('=') + 1)];
    if (attributes.some((each) => /^max-age=0$/i.test(each))) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export const newKey = newId;

/** The value of a hidden field. */
export const hidden = (html: string, name: string): string => new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
