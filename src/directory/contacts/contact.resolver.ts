import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Ctx, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { Rule, Seen } from '../../platform/access.js';
import type { RequestContext } from '../../platform/request.js';
import { providerProcess } from '../provider.process.js';

@ObjectType({ description: 'A provider that names you as its contact, or has done so, although you do not belong to it. Nothing else of it is told by this.' })
export class NamedAsContact {
  @Seen('parent', () => ID, { description: 'Id of the provider.' })
  id: string;

  @Seen('parent', () => String, { description: 'Name of the provider.' })
  name: string;
}

@Resolver()
export class ContactResolver {
  @Rule('signedIn')
  @Query(() => NamedAsContact, { nullable: true, description: 'A provider that names you as its contact, whether or not you may see it; null where it does not, or you have denied it (`denyContact`).' })
  async namedAsContact(
    @Arg('providerId', () => GraphQLUUID, { description: 'Id of the provider.' }) providerId: string,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<NamedAsContact | null> {
    const [facts] = await providerProcess.facts(db, [providerId], actor);
    return facts?.namesActor ? { id: facts.id, name: facts.name } : null;
  }
}
