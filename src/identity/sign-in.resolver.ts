import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { z } from 'zod';
import { Rule } from '../platform/access.js';
import type { Database } from '../platform/database/index.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../platform/problem.js';
import { TooManyAttempts } from '../platform/rate-limit.js';
import { load, type RequestContext } from '../platform/request.js';
import { neededName, validate } from '../platform/validate.js';
import { membershipsOfPerson, readViewer } from './identity.read.js';
import { EmailChangeRequested, Membership, SignedIn, SignedOut, SignInCodeSent, Viewer } from './identity.type.js';
import type { EmailChanges } from './email-change.service.js';
import { rename } from './names.js';
import type { Sessions } from './session.js';
import { CODE_MINUTES, CodeNotAccepted, type SignIn } from './sign-in.service.js';

const SendCodeResult = resultType('SendSignInCodeResult', () => SignInCodeSent, [TooManyAttempts]);
const SignInResult = resultType('SignInResult', () => SignedIn, [TooManyAttempts, CodeNotAccepted]);
const EmailChangeResult = resultType('RequestEmailChangeResult', () => EmailChangeRequested, [TooManyAttempts]);
const EmailChangedResult = resultType('ConfirmEmailChangeResult', () => Viewer, [TooManyAttempts, CodeNotAccepted]);
const ViewerResult = resultType('ViewerResult', () => Viewer);

const named = z.object({ name: neededName('your name', 200) });

@Resolver(() => Viewer)
export class SignInResolver {
  constructor(
    private readonly db: Database,
    private readonly signInService: SignIn,
    private readonly sessions: Sessions,
    private readonly emailChanges: EmailChanges,
  ) {}

  @Rule('public')
  @Query(() => Viewer, { nullable: true, description: 'Yourself; null when you are not signed in.' })
  viewer(@Ctx() { db, actor }: RequestContext): Promise<Viewer | null> | null {
    return actor.personId ? readViewer(db, actor.personId) : null;
  }

  @Rule('parent')
  @FieldResolver(() => [Membership], { description: 'Your roles, also those that wait to be confirmed. As many as a person holds: a handful.' })
  memberships(@Root() { id }: Viewer, @Ctx() context: RequestContext): Promise<Membership[]> {
    return load(context, membershipsOfPerson, id);
  }

  @Rule('public')
  @Mutation(() => SendCodeResult, { description: 'Sends a sign-in code by e-mail. The answer is the same whether the address is known or not.' })
  sendSignInCode(
    @Arg('email', () => String, { description: 'Your e-mail address.' }) email: string,
    @Ctx() { address }: RequestContext,
  ): Promise<SignInCodeSent | Problem> {
    return attempt(async () => ({ email: await this.signInService.requestCode(email, address), minutes: CODE_MINUTES }));
  }

  @Rule('public')
  @Mutation(() => SignInResult, { description: 'Signs in with the code that was sent, and sets the session cookie.' })
  signIn(
    @Arg('email', () => String, { description: 'The address to which the code was sent.' }) email: string,
    @Arg('code', () => String, { description: 'The code in the e-mail: six digits, or twelve letters and digits.' }) code: string,
    @Ctx() context: RequestContext,
  ): Promise<SignedIn | Problem> {
    return attempt(async () => {
      const { personId, token } = await this.signInService.signIn(email, code, context.address, context.sessionToken);
      context.setSession(token);
      context.actor = await this.sessions.actor(this.db, token, context.clock.now());
      return { viewer: (await readViewer(this.db, personId))! };
    });
  }

  @Rule('public')
  @Mutation(() => SignedOut, { description: 'Ends this session, or all of yours.' })
  async signOut(
    @Arg('everywhere', () => Boolean, { defaultValue: false, description: 'Also on every other device.' }) everywhere: boolean,
    @Ctx() { actor, sessionToken, setSession }: RequestContext,
  ): Promise<SignedOut> {
    const ended = everywhere && actor.personId ? this.sessions.closeAll(this.db, actor.personId) : sessionToken ? this.sessions.close(this.db, sessionToken) : 0;
    setSession(null);
    return { sessions: await ended };
  }

  @Rule('signedIn')
  @Mutation(() => EmailChangeResult, { description: 'Asks to change your e-mail address: a code is sent to the present and another to the new one.' })
  requestEmailChange(
    @Arg('email', () => String, { description: 'The new address.' }) email: string,
    @Ctx() { actor, address }: RequestContext,
  ): Promise<EmailChangeRequested | Problem> {
    return attempt(async () => ({ email: await this.emailChanges.request(actor, email, address), minutes: CODE_MINUTES }));
  }

  @Rule('signedIn')
  @Mutation(() => EmailChangedResult, { description: 'Changes your e-mail address with both codes. Your sessions elsewhere end, and the old address is told.' })
  confirmEmailChange(
    @Arg('oldCode', () => String, { description: 'The six digits sent to your present address.' }) oldCode: string,
    @Arg('newCode', () => String, { description: 'The six digits sent to the new address.' }) newCode: string,
    @Ctx() { actor, address, sessionToken }: RequestContext,
  ): Promise<Viewer | Problem> {
    return attempt(async () => {
      await this.emailChanges.confirm(actor, { old: oldCode, new: newCode }, address, sessionToken);
      return (await readViewer(this.db, actor.personId!)) ?? refuse(whatIsMissing('person'));
    });
  }

  @Rule('signedIn')
  @Mutation(() => ViewerResult, { description: 'Changes your name. What you did before stays under the name you had.' })
  changeMyName(@Arg('name', () => String, { description: 'Your name, as others are to read it.' }) name: string, @Ctx() { actor }: RequestContext): Promise<Viewer | Problem> {
    return attempt(async () => {
      await rename(this.db, actor.personId!, validate(named, { name }).name);
      return (await readViewer(this.db, actor.personId!)) ?? refuse(whatIsMissing('person'));
    });
  }
}
