import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Rule } from '../platform/access.js';
import { IdempotencyKey } from '../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, resultType } from '../platform/problem.js';
import type { RequestContext } from '../platform/request.js';
import { countImportRuns, importRunsById, listImportRuns } from './import.read.js';
import type { Imports } from './import.service.js';
import { ImportRun, ImportRunConnection, ImportsFetched, StartImportInput } from './import.type.js';
import { ImportKind } from './vocabulary.js';

const ImportRunResult = resultType('ImportRunResult', () => ImportRun);
const ImportsFetchedResult = resultType('ImportsFetchedResult', () => ImportsFetched);

@Resolver(() => ImportRun)
export class ImportResolver {
  constructor(private readonly imports: Imports) {}

  @Rule('systemAdmin')
  @Query(() => ImportRunConnection, { description: 'Imports and checks, however they were started, newest first.' })
  async importRuns(@Args(() => PageArguments) { first, after }: PageArguments, @Ctx() { db }: RequestContext): Promise<Connection<ImportRun>> {
    const rows = await listImportRuns(db, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.askedAt.toISOString(), row.id], () => countImportRuns(db));
  }

  @Rule('systemAdmin')
  @Query(() => ImportRun, { nullable: true, description: 'One import, with its report.' })
  async importRun(@Arg('id', () => GraphQLUUID, { description: 'Id of the import.' }) id: string, @Ctx() { db }: RequestContext): Promise<ImportRun | null> {
    return (await importRunsById(db, [id]))[0] ?? null;
  }

  @Rule('systemAdmin')
  @Mutation(() => ImportRunResult, { description: 'Imports a file that was sent before, or checks what would come of it, as soon as no other import is under way.' })
  startImport(
    @Arg('input', () => StartImportInput, { description: 'Which file, and how.' }) input: StartImportInput,
    @IdempotencyKey() key: string | undefined,
    @Ctx() { actor, db }: RequestContext,
  ): Promise<ImportRun | Problem> {
    return attempt(async () => (await importRunsById(db, [await this.imports.start(actor, input, key)]))[0]!);
  }

  @Rule('systemAdmin')
  @Mutation(() => ImportsFetchedResult, { description: 'Fetches now what is fetched each night by itself, and imports it where it is new.' })
  fetchImports(
    @Arg('kind', () => ImportKind, { nullable: true, description: 'Only files of this kind.' }) kind: ImportKind | undefined,
    @Ctx() { actor, db }: RequestContext,
  ): Promise<ImportsFetched | Problem> {
    return attempt(async () => ({ runs: await importRunsById(db, await this.imports.fetchNow(actor, kind)) }));
  }
}
