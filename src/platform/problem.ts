import { createUnionType, InterfaceType, ObjectType } from 'type-graphql';
import { Seen } from './access.js';

/**
 * A refusal that a person can act on: part of a mutation's answer, never a GraphQL error.
 * `code` is for programs and never changes; `message` is a sentence for the person.
 */
@InterfaceType({ description: 'Why something was not done, in a code for programs and a sentence for people.' })
export abstract class Problem {
  @Seen('public', () => String, { description: 'Stable name of this problem, for programs.' })
  readonly code: string;

  @Seen('public', () => String, { description: 'One or two sentences for the person who asked.' })
  readonly message: string;

  constructor(code: string, message: string) {
    this.code = code;
    this.message = message;
  }
}

export type ProblemClass = new (message: string) => Problem;

/** Carries a Problem out of a unit of work, which rolls back. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
    this.name = 'Refused';
  }
}

export function refuse(problem: Problem): never {
  throw new Refused(problem);
}

/** Runs a mutation and turns a refusal into its answer. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | Problem> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
}

/** Declares a rule's own problem: a GraphQL object type of that name which implements Problem. */
export function problemType(name: string, description: string): ProblemClass {
  const code = name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toUpperCase();
  const type = {
    [name]: class extends Problem {
      constructor(message: string) {
        super(code, message);
      }
    },
  }[name]!;
  ObjectType(name, { implements: Problem, description })(type);
  return type;
}

export const NotFound = problemType('NotFound', 'There is no such thing, or you may not know of it.');
export const NotAllowed = problemType('NotAllowed', 'You can see this, but it is not yours to do.');
export const NotAllowedInThisState = problemType('NotAllowedInThisState', 'It is too early or too late for this.');
export const Conflict = problemType('Conflict', 'Somebody changed it since you looked, or the key was used for something else.');

@ObjectType({ description: 'What is wrong with one field of the input.' })
export class FieldProblem {
  @Seen('public', () => String, { description: 'Path of the field in the input, such as `price.pence`.' })
  field: string;

  @Seen('public', () => String, { description: 'What is wrong with it, in words for the person who typed it.' })
  message: string;
}

@ObjectType({ implements: Problem, description: 'The input cannot be used as it is.' })
export class ValidationProblem extends Problem {
  @Seen('public', () => [FieldProblem], { description: 'Each field that needs attention.' })
  readonly fields: FieldProblem[];

  constructor(fields: FieldProblem[]) {
    super('VALIDATION', fields.map((each) => each.message).join(' '));
    this.fields = fields;
  }
}

/** The problems that any mutation may answer with. */
export const commonProblems = [NotFound, NotAllowed, NotAllowedInThisState, Conflict, ValidationProblem] as const;

export const whatIsMissing = (what: string) => new NotFound(`We cannot find that ${what}. It may have been removed, or you may not have access to it.`);


/** The union a mutation answers with: the thing, one of the common problems, or one of the rule's own. */
export function resultType<Success extends object>(
  name: string,
  success: () => new (...args: never[]) => Success,
  ownProblems: readonly (abstract new (...args: never[]) => Problem)[] = [],
) {
  return createUnionType({
    name,
    description: 'What came of it: the thing itself, or the problem that stood in the way.',
    types: () => [success(), ...commonProblems, ...ownProblems] as never,
  });
}
