import { Platform1795000000001 } from './1-platform.js';
import { Schools1795000000002 } from './2-schools.js';
import { Identity1795000000003 } from './3-identity.js';
import { Directory1795000000004 } from './4-directory.js';
import { Search1795000000005 } from './5-search.js';
import { Speed1795000000006 } from './6-speed.js';
import { SearchDepth1795000000007 } from './7-search-depth.js';
import { SearchOutbox1795000000008 } from './8-search-outbox.js';
import { Brokerage1795000000009 } from './9-brokerage.js';
import { Engagements1795000000010 } from './10-engagements.js';
import { Referrals1795000000011 } from './11-referrals.js';
import { Outcomes1795000000012 } from './12-outcomes.js';
import { Notices1795000000013 } from './13-notices.js';
import { Suggestions1795000000014 } from './14-suggestions.js';
import { Names1795000000015 } from './15-names.js';
import { IndexChanged1795000000016 } from './16-index-changed.js';
import { WordsInOrder1795000000017 } from './17-words-in-order.js';
import { FaultsEndNothing1795000000018 } from './18-faults-end-nothing.js';
import { Edge1795000000019 } from './19-edge.js';
import { Slips1795000000020 } from './20-slips.js';
import { Interests1795000000021 } from './21-interests.js';
import { PeopleAndNames1795000000022 } from './22-people-and-names.js';
import { Judgements1795000000023 } from './23-judgements.js';
import { Vouched1795000000024 } from './24-vouched.js';
import { Appeals1795000000025 } from './25-appeals.js';
import { PolicyAndPartnerships1795000000026 } from './26-policy-partnerships.js';
import { Leavers1795000000027 } from './27-leavers.js';
import { Nominations1795000000028 } from './28-nominations.js';
import { Restored1795000000029 } from './29-restored.js';
import { OneSpelling1795000000033 } from './33-one-spelling.js';
import { WhoConfirms1795000000034 } from './34-who-confirms.js';
import { JudgedAsRead1795000000035 } from './35-judged-as-read.js';
import { ContactsAndCircles1795000000036 } from './36-contacts-circles.js';
import { GiasColumns1795000000037 } from './37-gias-columns.js';
import { Successions1795000000038 } from './38-successions.js';
import { Once1795000000039 } from './39-once.js';
import { ImportRuns1795000000040 } from './40-import-runs.js';
import { ByIndex1795000000041 } from './41-by-index.js';

/** Every migration, oldest first. TypeORM orders by the number that ends each class name. */
export const migrations = [
  Platform1795000000001,
  Schools1795000000002,
  Identity1795000000003,
  Directory1795000000004,
  Search1795000000005,
  Speed1795000000006,
  SearchDepth1795000000007,
  SearchOutbox1795000000008,
  Brokerage1795000000009,
  Engagements1795000000010,
  Referrals1795000000011,
  Outcomes1795000000012,
  Notices1795000000013,
  Suggestions1795000000014,
  Names1795000000015,
  IndexChanged1795000000016,
  WordsInOrder1795000000017,
  FaultsEndNothing1795000000018,
  Edge1795000000019,
  Slips1795000000020,
  Interests1795000000021,
  PeopleAndNames1795000000022,
  Judgements1795000000023,
  Vouched1795000000024,
  Appeals1795000000025,
  PolicyAndPartnerships1795000000026,
  Leavers1795000000027,
  Nominations1795000000028,
  Restored1795000000029,
  OneSpelling1795000000033,
  WhoConfirms1795000000034,
  JudgedAsRead1795000000035,
  ContactsAndCircles1795000000036,
  GiasColumns1795000000037,
  Successions1795000000038,
  Once1795000000039,
  ImportRuns1795000000040,
  ByIndex1795000000041,
];
