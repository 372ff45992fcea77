import { Arg, Int } from 'type-graphql';
import { LONGEST_KEY } from './idempotency.js';

/** The argument with which a mutation that creates can be sent again. */
export const IdempotencyKey = () =>
  Arg('idempotencyKey', () => String, {
    nullable: true,
    description: `A text of your own, up to ${LONGEST_KEY} characters. Sent again with the same input it gives the first result and does nothing twice.`,
  });

export const Reason = () => Arg('reason', () => String, { description: 'Why. It is kept in the history and shown to the parties.' });

/** For whoever judges what they have read: it may have been written anew since. */
export const VersionRead = (of = 'it') =>
  Arg('version', () => Int, { nullable: true, description: `The version of ${of} that you have read. Where it has changed since, nothing is done. Left out: whatever it says now.` });
