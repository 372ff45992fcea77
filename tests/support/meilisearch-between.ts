import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Between {
  /** To be asked in its place. */
  host: string;
  /** The searches that went through, as they were sent; may be emptied. */
  searches: { path: string; body: string; authorization: string }[];
  stop(): void;
}

/** Stands between Signpost and a Meilisearch server, and passes all on. */
export async function listenBetween(host: string): Promise<Between> {
  const searches: Between['searches'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      if (request.url === '/multi-search') searches.push({ path: request.url, body: body.toString(), authorization: String(request.headers.authorization) });
      const onward = forward(host + request.url!, { method: request.method!, headers: { ...request.headers, host: new URL(host).host } }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    searches,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
