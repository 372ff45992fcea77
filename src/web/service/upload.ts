import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { Request, RequestHandler, Response } from 'express';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImportFiles, SentFile } from '../../imports/index.js';
import type { Actor } from '../../platform/actor.js';
import { limitBody } from '../../platform/body-time.js';
import { type Problem, Refused, ValidationProblem } from '../../platform/problem.js';
import type { RequestContext } from '../../platform/request.js';

/** Where files are sent: by the form of the page, and by clients of the API. */
export const UPLOADS = '/service/imports';

/** What of a sent form is no field: the file, once it is kept, or why it is not. */
export interface Upload {
  file?: SentFile;
  problem?: Problem;
}

const uploads = new WeakMap<Request, Upload>();
export const uploadOf = (request: Request): Upload => uploads.get(request) ?? {};

interface Options {
  files: ImportFiles;
  makeContext: (request: Request, response: Response) => Promise<RequestContext>;
  /** How long a file may take to arrive, in ms. */
  uploadMs: number;
}

const LIMITS = { files: 1, fields: 10, fieldSize: 1000, fieldNameSize: 100, parts: 12, headerPairs: 20, headerSize: 4000 };

/**
 * Takes the file of a form, piece by piece as it arrives, before the request takes a place among those that are dealt
 * with: a large file by a slow line holds up nobody. A client that takes JSON alone is answered with the id of the file.
 */
export function takeUploads({ files, makeContext, uploadMs }: Options): RequestHandler {
  return async (request, response, next) => {
    if (request.method !== 'POST' || request.path !== UPLOADS || !request.is('multipart/form-data')) return next();
    const { actor } = await makeContext(request, response);
    const asJson = request.accepts(['html', 'json']) === 'json';
    try {
      files.check(actor);
    } catch (error) {
      if (!asJson || !(error instanceof Refused)) return next(); // the operation says so, and the page that comes of it
      const status = actor.kind === 'anonymous' ? 401 : 403;
      return void response.status(status).json({ code: error.problem.code, message: error.problem.message });
    }
    limitBody(request, response, uploadMs); // longer than others have
    const { fields, upload } = await read(request, actor, files);
    if (!asJson) {
      request.body = fields;
      uploads.set(request, upload);
      return next();
    }
    const { file, problem } = upload;
    if (!file) return void response.status(422).json({ code: problem!.code, message: problem!.message });
    response.status(201).json({ fileId: file.id, name: file.name, bytes: file.bytes });
  };
}

async function read(request: Request, actor: Actor, files: ImportFiles): Promise<{ fields: Record<string, string>; upload: Upload }> {
  const fields: Record<string, string> = {};
  let keeping: Promise<Upload> | null = null;
  let stream: Readable | null = null;
  let busboy: InstanceType<typeof Busboy>;
  try {
    busboy = new Busboy({ headers: request.headers as BusboyHeaders, limits: LIMITS });
  } catch {
    return { fields, upload: { problem: unreadable() } };
  }
  busboy.on('field', (name: string, value: string) => void (fields[name] = value));
  busboy.on('file', (_field: string, content: Readable, name: string) => {
    if (!name || keeping) return void content.resume(); // no file was chosen
    stream = content;
    keeping = keep(files, actor, name, content);
    keeping.catch(() => {});
  });
  try {
    await pipeline(request, busboy);
  } catch (error) {
    (stream as Readable | null)?.destroy(error as Error);
    await (keeping as Promise<Upload> | null)?.catch(() => {});
    if (request.destroyed && !request.complete) throw Object.assign(error as Error, { status: 400 }); // the sender is gone
    return { fields, upload: { problem: unreadable() } };
  }
  return { fields, upload: keeping ? await keeping : { problem: new ValidationProblem([{ field: 'file', message: 'Choose the file.' }]) } };
}

const unreadable = () => new ValidationProblem([{ field: 'file', message: 'The file did not arrive whole. Send it again.' }]);

async function keep(files: ImportFiles, actor: Actor, name: string, content: Readable): Promise<Upload> {
  try {
    return { file: await files.keep(actor, name, content.iterator({ destroyOnReturn: false })) };
  } catch (error) {
    content.resume(); // what still comes of it has to come before it can be answered
    if (error instanceof Refused) return { problem: error.problem };
    throw error;
  }
}
