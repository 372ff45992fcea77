import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Asking {
  headers?: Record<string, string>;
  /** Sent as JSON, by POST. */
  body?: unknown;
  agent?: Agent;
  /** Milliseconds, from the start to the last byte; after them it fails with the code HANGS. */
  within: number;
}

/** One request, which is never sent again by itself. @throws Error with a code where no whole answer came */
export function send(url: string, { headers = {}, body, agent, within }: Asking): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const sending = request(url, {
      method: text === undefined ? 'GET' : 'POST',
      agent,
      headers: text === undefined ? headers : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), ...headers },
    });
    const tooLong = () => sending.destroy(Object.assign(new Error(`no answer within ${within} ms`), { code: 'HANGS' }));
    const patience = setTimeout(tooLong, within);
    const failed = (error: Error) => {
      clearTimeout(patience);
      reject(error);
    };
    sending.on('error', failed);
    sending.on('response', (response) => {
      let got = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (got += chunk));
      response.on('error', failed);
      response.on('end', () => {
        clearTimeout(patience);
        resolve({ status: response.statusCode!, headers: response.headers, text: got });
      });
    });
    sending.end(text);
  });
}
