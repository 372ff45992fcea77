import { GraphQLUUID } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';
import { ImportKind, ImportStart, ImportState } from './vocabulary.js';

@ObjectType({ description: 'An import of a file, or the check of one.' })
export class ImportRun {
  @Seen('parent', () => ID, { description: 'Id of the import.' })
  id: string;

  @Seen('parent', () => ImportKind, { description: 'What the file has.' })
  kind: ImportKind;

  @Seen('parent', () => ImportStart, { description: 'How it was started.' })
  startedBy: ImportStart;

  @Seen('parent', () => String, { nullable: true, description: 'Name of whoever started it; null for what the service does by itself, and for commands.' })
  person: string | null;

  @Seen('parent', () => String, { nullable: true, description: 'Name of the file, without its folder; null where none has been fetched.' })
  fileName: string | null;

  @Seen('parent', () => Boolean, { description: 'Whether it only says what an import would do, and writes nothing.' })
  check: boolean;

  @Seen('parent', () => ImportState, { description: 'How it went, or where it stands.' })
  state: ImportState;

  @Seen('parent', () => Date, { description: 'When it was asked for.' })
  askedAt: Date;

  @Seen('parent', () => Date, { nullable: true, description: 'When it began.' })
  begunAt: Date | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When it ended.' })
  endedAt: Date | null;

  @Seen('parent', () => Int, { nullable: true, description: 'Rows of the file below its header, blank ones apart; null where it was not read.' })
  rows: number | null;

  @Seen('parent', () => Int, { nullable: true, description: 'How many of them could not be used.' })
  rejected: number | null;

  @Seen('parent', () => String, { description: 'What it says at its end, in lines: what was rejected first, the counts last. Why it went wrong, where it did.' })
  report: string;

  @Seen('parent', () => String, { nullable: true, description: 'SHA-256 of the file, in hexadecimal; null where there was none.' })
  contentHash: string | null;

  @Seen('parent', () => ID, { nullable: true, description: 'Its file, while it is kept, to start another import with: for a day after it was sent, until it is imported.' })
  fileId: string | null;
}

export const ImportRunConnection = connectionType('ImportRun', () => ImportRun);

@ObjectType({ description: 'Files are being fetched, and imported where they are new.' })
export class ImportsFetched {
  @Seen('parent', () => [ImportRun], { description: 'One import for each folder or address.' })
  runs: ImportRun[];
}

@InputType({ description: 'An import of a file that was sent before.' })
export class StartImportInput {
  @Field(() => ImportKind, { description: 'What the file has.' })
  kind: ImportKind;

  @Field(() => GraphQLUUID, { description: 'Id of the file: what sending it to `/service/imports` answered, or `fileId` of the check of it.' })
  fileId: string;

  @Field(() => Boolean, { defaultValue: true, description: 'Only say what the import would do, and write nothing.' })
  check: boolean = true;
}
