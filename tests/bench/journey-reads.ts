import type { JourneyStage } from './journey-stage.js';
import { daysFromNow } from './journey-steps.js';
import type { Operation } from './served.js';

const ENGAGEMENT = `
  id state title providerName startsOn endsOn pricePence vat confirmed sharedWithSip version school { urn name } provider { id name } listing { id title }
  objectives { text baseline target } actions { what owner dueOn doneAt } evidence { wanted dueOn givenAt } reviewDates reviews { heldOn rag words by }
  availableActions { action allowed } history { label at person { name } }`;

const PROPOSAL = 'id summary pricePence travelPence vat startsOn endsOn provider { name } invitation { sentAt listing { title } } choiceNeeds(coverPence: 1000) { wholeCostPence moreQuotesNeeded governorsApproval } availableActions { action allowed }';

/** What takes most to read of the journey, as its people ask for it. */
export async function reads(stage: JourneyStage): Promise<Record<string, Operation>> {
  const { id, head, providers } = await stage.requestWithProposals(20);
  const { urn, head: busy } = await stage.schoolWithEngagements(50);
  const [asker, reader, provider] = [await stage.signIn(head), await stage.signIn(busy), await stage.signIn(providers[0]!.admin)];
  const officer = await stage.signIn(await stage.world.officer('990'));
  const [rated] = await stage.app.db.query<{ id: string }>('SELECT listing_id AS id FROM listing_evidence GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1');
  return {
    'a request with 20 proposals, side by side': { query: `query ($id: UUID!) { supportRequest(id: $id) { need state proposalCount proposals { ${PROPOSAL} } } }`, variables: { id }, cookie: asker },
    'a school’s 50 engagements': { query: `query ($urn: Int) { myEngagements(first: 50, filter: { schoolUrn: $urn }) { totalCount nodes { ${ENGAGEMENT} } } }`, variables: { urn }, cookie: reader },
    'a provider’s 20 newest invitations': { query: '{ myInvitations(first: 20) { totalCount nodes { state brief { need school { name } } listing { title } proposal { pricePence } questions { text } availableActions { action allowed } } } }', cookie: provider },
    'a head’s notices': { query: '{ myNotices(first: 20) { totalCount nodes { subject text expected dueAt link } } }', cookie: reader },
    'the page for governors': {
      query: `query ($urn: Int!, $from: LocalDate!, $to: LocalDate!) { outcomesForGovernors(schoolUrn: $urn, from: $from, to: $to) { spentPence sought { nodes { need state } } agreed { nodes { title state reviews { rag words } rating { helpfulness } } } } }`,
      variables: { urn, from: daysFromNow(-300), to: daysFromNow(60) },
      cookie: reader,
    },
    'schools with similar needs': { query: `query ($urn: Int!) { findSchoolsWithSimilarNeeds(schoolUrn: $urn, category: TEACHING_AND_LEARNING, phase: PRIMARY) { totalCount nodes { school { name } reached distanceKm contactName } } }`, variables: { urn }, cookie: reader },
    'evidence of a listing': { query: `query ($id: UUID!) { listing(id: $id) { title evidenceOfOutcomes { says schools objectives { met partly notMet } helpfulness { label count } changes { baseline after } words { words } } } }`, variables: { id: rated!.id } },
    'unmet need of an LA': { query: '{ unmetNeed(laCode: "990") { says requests { schools } searches { schools } byCategory { category requests { schools } searches { schools } } categoriesWithoutProvider } }', cookie: officer },
  };
}
