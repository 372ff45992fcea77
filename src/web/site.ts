import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ApolloServer } from '@apollo/server';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { GraphQLFormattedError } from 'graphql';
import type { Environment } from 'nunjucks';
import type { ImportFiles } from '../imports/index.js';
import { type Actor, hasRole, type Role } from '../platform/actor.js';
import { DatabaseUnavailable } from '../platform/database/index.js';
import type { Logger } from '../platform/log.js';
import type { RequestContext } from '../platform/request.js';
import { currentTrace } from '../platform/trace.js';
import { UNAVAILABLE } from '../platform/answer-unavailable.js';
import { forbidden, notFound, PageError, SignInFirst } from './errors.js';
import type { Form, Refusal } from './forms.js';
import type { Operations } from './operations.js';

export interface WebOptions {
  server: ApolloServer<RequestContext>;
  makeContext(request: Request, response: Response): Promise<RequestContext>;
  publicUrl: string;
  production: boolean;
  /** Folder of the file mail transport, shown at /dev/mail outside production; null where mail goes by SMTP. */
  mailFolder: string | null;
  log: Logger;
  /** Keeps files that are sent to be imported. */
  files: ImportFiles;
  /** How long one may take to arrive, in ms. */
  uploadMs: number;
  /** Lets a form in once it is read, or refuses it. */
  gate: RequestHandler;
}

export const showsMail = ({ production, mailFolder }: WebOptions): boolean => !production && mailFolder !== null;

/** What a page answers: a template with its data, or another page to go to. A form with something wrong in it makes it a 422. */
export type Answer = { view: string; data?: { form?: Form; [name: string]: unknown }; status?: number } | { redirect: string };

/** What a mutation came to: the thing's id, or why not. */
export type Outcome = { id: string; refusal?: undefined } | { id?: undefined; refusal: Refusal };

export interface SiteParts {
  options: WebOptions;
  operations: Operations;
  templates: Environment;
}

/** One request for a page: who asks, and the API as they may use it. */
export class Visit {
  constructor(
    readonly request: Request,
    readonly response: Response,
    readonly context: RequestContext,
    private readonly site: SiteParts,
  ) {}

  get actor(): Actor {
    return this.context.actor;
  }

  get signedIn(): boolean {
    return this.actor.kind === 'person';
  }

  is(...roles: Role[]): boolean {
    return hasRole(this.actor, ...roles);
  }

  /** A parameter of the path. */
  param(name: string): string {
    return String(this.request.params[name]);
  }

  get options(): WebOptions {
    return this.site.options;
  }

  /** Runs an operation in-process, by the rules of the API. @throws PageError, SignInFirst */
  async query<Data>(operation: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const { body } = await this.site.options.server.executeOperation(
      { query: this.site.operations.text(operation), variables },
      { contextValue: this.context },
    );
    if (body.kind !== 'single') throw new Error(`${operation} answered in parts`);
    const [error] = body.singleResult.errors ?? [];
    if (error) throw pageErrorOf(error);
    return body.singleResult.data as Data;
  }

  /** Runs a mutation whose answer the operation calls `outcome`. @throws PageError, SignInFirst */
  async mutate(operation: string, variables: Record<string, unknown>): Promise<Outcome> {
    const { outcome } = await this.query<{ outcome: { id?: string } & Partial<Refusal> }>(operation, variables);
    return outcome.code === undefined ? { id: outcome.id ?? '' } : { refusal: outcome as Refusal };
  }
}

function pageErrorOf({ message, extensions }: GraphQLFormattedError): Error {
  switch (extensions?.['code']) {
    case 'UNAUTHENTICATED':
      return new SignInFirst();
    case 'FORBIDDEN':
      return forbidden('Your roles do not include this. If they should, ask whoever runs your school, provider or local authority in Signpost.');
    case 'TOO_MANY_ATTEMPTS':
      return new PageError(429, message);
    case UNAVAILABLE:
      return new DatabaseUnavailable(null);
    case 'BAD_USER_INPUT':
      return notFound(); // an address that no page of ours leads to
    default:
      return new PageError(500, message, (extensions?.['reference'] as string | undefined) ?? null);
  }
}

const UNREADABLE = new PageError(400, 'What was sent could not be read, or is too long.');
const OUR_FAULT = new PageError(500, 'Something went wrong on our side. Try again in a moment.');

type Handler = (visit: Visit) => Promise<Answer> | Answer;

/** Takes the pages of each group and joins them to the web server. */
export class Pages {
  readonly router = Router();

  constructor(private readonly site: SiteParts) {}

  get(path: string, handler: Handler): void {
    this.router.get(path, (request, response) => this.answer(request, response, handler));
  }

  post(path: string, handler: Handler): void {
    this.router.post(path, (request, response) => this.answer(request, response, handler));
  }

  /** Answers with a page that went wrong. */
  async answerError(request: Request, response: Response, error: unknown): Promise<void> {
    await this.answer(request, response, (visit) => this.errorPage(visit, error));
  }

  private errorPage({ request, signedIn }: Visit, error: unknown): Answer {
    const here = request.method === 'GET' ? request.originalUrl : '/account';
    const signIn = `/sign-in?next=${encodeURIComponent(here)}`;
    if (error instanceof SignInFirst) return { redirect: signIn };
    const unreadable = ((error as { status?: number }).status ?? 500) < 500; // the form parser's own errors
    const other = unreadable ? UNREADABLE : OUR_FAULT;
    const known = error instanceof PageError ? error : other;
    const reference = known.reference ?? currentTrace()?.id ?? null;
    if (known.status === 500 && !known.reference) {
      this.site.options.log.error({ reference, fault: (error as Error).stack ?? String(error) }, 'fault');
    }
    const mayHelp = known.status === 404 && !signedIn && request.method === 'GET';
    return { view: 'error', status: known.status, data: { error: known, reference: known.status === 500 ? reference : null, signIn: mayHelp ? signIn : null } };
  }

  private async answer(request: Request, response: Response, handler: Handler): Promise<void> {
    const context = await this.site.options.makeContext(request, response);
    const answer = await handler(new Visit(request, response, context, this.site));
    if ('redirect' in answer) return response.redirect(303, answer.redirect);
    const signedIn = context.actor.kind === 'person';
    const html = this.site.templates.render(`${answer.view}.njk`, { signedIn, path: request.path, ...answer.data });
    response.status(answer.status ?? (answer.data?.form?.summary.length ? 422 : 200));
    response.setHeader('Cache-Control', signedIn ? 'no-store' : 'private, no-cache');
    await sendHtml(request, response, html);
  }
}

const compress = promisify(gzip);

/** Pages are read over poor signal, so they are compressed; they hold no secret that their length could tell. */
async function sendHtml(request: Request, response: Response, html: string): Promise<void> {
  response.vary('Accept-Encoding').vary('Cookie').type('html');
  if (!request.acceptsEncodings('gzip')) return void response.send(html);
  response.setHeader('Content-Encoding', 'gzip');
  response.end(await compress(html));
}
