import { Int, ObjectType } from 'type-graphql';
import { Category } from '../directory/index.js';
import { Seen } from '../platform/access.js';

@ObjectType({ description: 'How often something was needed.' })
export class NeedCount {
  @Seen('parent', () => Int, { description: 'How many needs. A request under several categories is a need in each.' })
  needs: number;

  @Seen('parent', () => Int, { description: 'Of how many different schools.' })
  schools: number;
}

@ObjectType({ description: 'What schools needed in one category and did not find.' })
export class UnmetNeedOfCategory {
  @Seen('parent', () => Category, { description: 'What it is about.' })
  category: Category;

  @Seen('parent', () => NeedCount, { nullable: true, description: 'Requests that schools closed because nobody met them; null while the schools are too few.' })
  requests: NeedCount | null;

  @Seen('parent', () => NeedCount, { nullable: true, description: 'Searches that found nothing; null while the schools are too few.' })
  searches: NeedCount | null;
}

@ObjectType({ description: 'What schools of a local authority needed and did not find. Told once a term, and only of five different schools and more, so that it never shows what one school needed.' })
export class UnmetNeed {
  @Seen('parent', () => String, { description: 'How to read it, in a sentence.' })
  says: string;

  @Seen('parent', () => NeedCount, { nullable: true, description: 'Requests that schools closed because nobody met them; null while the schools are too few.' })
  requests: NeedCount | null;

  @Seen('parent', () => NeedCount, { nullable: true, description: 'Searches that found nothing; null while the schools are too few.' })
  searches: NeedCount | null;

  @Seen('parent', () => [UnmetNeedOfCategory], { description: 'The same for each category. What is of too few schools to be told by category is only in the whole.' })
  byCategory: UnmetNeedOfCategory[];

  @Seen('parent', () => [Category], { description: 'Categories in which no listed provider covers the local authority.' })
  categoriesWithoutProvider: Category[];
}
