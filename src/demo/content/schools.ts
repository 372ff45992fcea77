import type { SchoolContent } from './shapes.js';

const anglican = 'Church of England';
const catholic = 'Roman Catholic';

/** Numbered from 900001: URNs far above any that England has given out. */
export const schools: SchoolContent[] = [
  {
    urn: 900001, name: 'Great Wendle Church of England Primary School', type: 'Voluntary Controlled School', phase: 'PRIMARY', ages: [4, 11],
    town: 'Great Wendle', street: 'Church Walk', federation: '98001', religion: anglican, mail: 'great-wendle', head: 'Alison Thackray',
  },
  {
    urn: 900002, name: 'Little Wendle Primary School', type: 'Community School', phase: 'PRIMARY', ages: [4, 11],
    town: 'Little Wendle', street: 'Mill Lane', federation: '98001', mail: 'great-wendle', head: 'Alison Thackray',
  },
  {
    urn: 900003, name: 'Thrusley St Mary’s Church of England Primary School', type: 'Voluntary Aided School', phase: 'PRIMARY', ages: [4, 11],
    town: 'Thrusley', street: 'Rectory Road', religion: anglican, mail: 'thrusley-st-marys', head: 'Daniel Okafor',
  },
  {
    urn: 900004, name: 'Otterholme Primary School', type: 'Community School', phase: 'PRIMARY', ages: [4, 11],
    town: 'Otterholme', street: 'The Green', mail: 'otterholme', head: 'Ruth Pemberton',
  },
  {
    urn: 900005, name: 'Skelby Community Primary School', type: 'Community School', phase: 'PRIMARY', ages: [3, 11],
    town: 'Skelby', street: 'Quarry Road', mail: 'skelby', head: 'Gareth Lunn',
  },
  // GIAS: "Open, but proposed to close", which is open
  {
    urn: 900006, name: 'Nether Tarrow Church of England Primary School', type: 'Voluntary Controlled School', phase: 'PRIMARY', ages: [4, 11],
    town: 'Nether Tarrow', street: 'Back Lane', religion: anglican, mail: 'nether-tarrow', head: 'Judith Amery',
  },
  {
    urn: 900007, name: 'Upper Tarrow Primary School', type: 'Community School', phase: 'PRIMARY', ages: [4, 11],
    town: 'Upper Tarrow', street: 'School Hill', mail: 'upper-tarrow', head: '', closedInto: 900028,
  },
  {
    urn: 900008, name: 'Haverleigh Infant School', type: 'Community School', phase: 'PRIMARY', ages: [4, 7],
    town: 'Haverleigh', street: 'Albert Street', federation: '98002', mail: 'haverleigh-infant', head: 'Sunita Rao',
  },
  {
    urn: 900009, name: 'Haverleigh Junior School', type: 'Community School', phase: 'PRIMARY', ages: [7, 11],
    town: 'Haverleigh', street: 'Albert Street', federation: '98002', mail: 'haverleigh-junior', head: 'Mark Ellery',
  },
  {
    urn: 900010, name: 'St Cuthman’s Catholic Primary School', type: 'Academy Converter', phase: 'PRIMARY', ages: [3, 11],
    town: 'Haverleigh', street: 'Priory Gardens', trust: '99003', religion: catholic, mail: 'st-cuthmans', head: 'Bernadette Coyle',
  },
  {
    urn: 900011, name: 'Castle Street Primary School', type: 'Academy Converter', phase: 'PRIMARY', ages: [3, 11],
    town: 'Haverleigh', street: 'Castle Street', trust: '99001', mail: 'castle-street', head: 'Imran Siddiqui',
  },
  {
    urn: 900012, name: 'Haverleigh Community College', type: 'Community School', phase: 'SECONDARY', ages: [11, 18],
    town: 'Haverleigh', street: 'Forest Road', mail: 'haverleigh-college', head: 'Fiona Galbraith',
  },
  {
    urn: 900013, name: 'Weaver’s Park Academy', type: 'Academy Sponsor Led', phase: 'SECONDARY', ages: [11, 16],
    town: 'Haverleigh', street: 'Loom Way', trust: '99002', mail: 'weavers-park', head: 'Leon Adeyemi',
  },
  {
    urn: 900014, name: 'Market Ossing Primary School', type: 'Community School', phase: 'PRIMARY', ages: [4, 11],
    town: 'Market Ossing', street: 'Tanners’ Row', mail: 'market-ossing', head: 'Catherine Whitlock',
  },
  {
    urn: 900015, name: 'St Peter’s Church of England Primary School', type: 'Voluntary Controlled School', phase: 'PRIMARY', ages: [4, 11],
    town: 'Market Ossing', street: 'Minster Close', religion: anglican, mail: 'st-peters-ossing', head: 'Tom Hesketh',
  },
  {
    urn: 900016, name: 'Ossing Vale School', type: 'Academy Converter', phase: 'SECONDARY', ages: [11, 18],
    town: 'Market Ossing', street: 'Haverleigh Road', trust: '99001', mail: 'ossing-vale', head: 'Priya Nambiar',
  },
  {
    urn: 900017, name: 'Colliery Road Primary School', type: 'Academy Sponsor Led', phase: 'PRIMARY', ages: [3, 11],
    town: 'Brackenby', street: 'Colliery Road', trust: '99002', mail: 'colliery-road', head: 'Stacey Moult',
  },
  {
    urn: 900018, name: 'Brackenby Park Primary School', type: 'Community School', phase: 'PRIMARY', ages: [3, 11],
    town: 'Brackenby', street: 'Park Parade', mail: 'brackenby-park', head: 'Wendy Hargrave',
  },
  {
    urn: 900019, name: 'Brackenby Community College', type: 'Foundation School', phase: 'SECONDARY', ages: [11, 16],
    town: 'Brackenby', street: 'Welfare Road', mail: 'brackenby-college', head: 'Andrew Pollitt',
  },
  {
    urn: 900020, name: 'The Beeches School', type: 'Community Special School', phase: 'ALL_THROUGH', ages: [4, 19],
    town: 'Haverleigh', street: 'Copse Lane', mail: 'the-beeches', head: 'Miriam Feld',
  },
  {
    urn: 900021, name: 'Larkfield School', type: 'Academy Special Converter', phase: 'ALL_THROUGH', ages: [5, 16],
    town: 'Brackenby', street: 'Larkfield Avenue', trust: '99001', mail: 'larkfield', head: 'Joe Tranter',
  },
  {
    urn: 900022, name: 'Millgate Pupil Referral Unit', type: 'Pupil Referral Unit', phase: 'SECONDARY', ages: [11, 16],
    town: 'Haverleigh', street: 'Millgate', mail: 'millgate', head: 'Nicola Straker',
  },
  {
    urn: 900023, name: 'Haverleigh Nursery School', type: 'LA Nursery School', phase: 'NURSERY', ages: [2, 5],
    town: 'Haverleigh', street: 'Orchard Street', mail: 'haverleigh-nursery', head: 'Claire Osgood',
  },
  {
    urn: 900024, name: 'Pennick Vale School', type: 'Free Schools', phase: 'ALL_THROUGH', ages: [4, 18],
    town: 'Pennick', street: 'Airfield Way', trust: '99002', mail: 'pennick-vale', head: 'Rob Sandiford',
  },
  {
    urn: 900025, name: 'Fernshire Sixth Form', type: 'Free Schools - 16-19', phase: 'SIXTEEN_PLUS', ages: [16, 19],
    town: 'Haverleigh', street: 'Station Approach', trust: '99001', mail: 'fernshire-sixth', head: 'Helen Ibbotson',
  },
  // an academy whose trust is not known: what it recommends waits for an officer
  {
    urn: 900026, name: 'Marlholme Primary Academy', type: 'Academy Converter', phase: 'PRIMARY', ages: [4, 11],
    town: 'Marlholme', street: 'Pinfold Lane', mail: 'marlholme', head: 'Denise Apperley',
  },
  {
    urn: 900027, name: 'Hethercote Church of England Primary School', type: 'Voluntary Controlled School', phase: 'PRIMARY', ages: [4, 11],
    town: 'Hethercote', street: 'Glebe Road', religion: anglican, mail: 'hethercote', head: 'Simon Yardley',
  },
  {
    urn: 900028, name: 'Tarrow Bridge Primary School', type: 'Community School', phase: 'PRIMARY', ages: [3, 11],
    town: 'Tarrow Bridge', street: 'Wharf Road', mail: 'tarrow-bridge', head: 'Hannah Voss',
  },
  {
    urn: 900029, name: 'Sallowby Primary School', type: 'Foundation School', phase: 'PRIMARY', ages: [4, 11],
    town: 'Sallowby', street: 'Fen Road', mail: 'sallowby', head: 'Peter Mowbray',
  },
  {
    urn: 900030, name: 'Long Stanyon Primary School', type: 'Community School', phase: 'PRIMARY', ages: [4, 9],
    town: 'Long Stanyon', street: 'Main Street', mail: 'long-stanyon', head: 'Ewan Birtles',
  },
  {
    urn: 900031, name: 'Stanyon Middle School', type: 'Foundation School', phase: 'MIDDLE_DEEMED_SECONDARY', ages: [9, 13],
    town: 'Long Stanyon', street: 'Ridge Road', mail: 'stanyon-middle', head: 'Lorraine Fitch',
  },
  {
    urn: 900032, name: 'St Winnoc’s Catholic School', type: 'Academy Converter', phase: 'SECONDARY', ages: [11, 16],
    town: 'Haverleigh', street: 'Abbey Road', trust: '99003', religion: catholic, mail: 'st-winnocs', head: 'Frances Delaney',
  },
  {
    urn: 900033, name: 'Cawdle Green Primary School', type: 'Community School', phase: 'PRIMARY', ages: [3, 11],
    town: 'Cawdle Green', street: 'Common Side', mail: 'cawdle-green', head: 'Michelle Oduya',
  },
  {
    urn: 900034, name: 'Winterby Middle School', type: 'Community School', phase: 'MIDDLE_DEEMED_PRIMARY', ages: [8, 12],
    town: 'Winterby', street: 'Coventry Lane', mail: 'winterby', head: 'Karen Leathley',
  },
  {
    urn: 900035, name: 'Canal Side Primary School', type: 'Community School', phase: 'PRIMARY', ages: [3, 11],
    town: 'Wexbourne', street: 'Lock Street', mail: 'canal-side', head: 'Yasmin Chaudhry',
  },
  {
    urn: 900036, name: 'St Finbar’s Catholic Primary School', type: 'Academy Converter', phase: 'PRIMARY', ages: [4, 11],
    town: 'Wexbourne', street: 'Convent Row', trust: '99003', religion: catholic, mail: 'st-finbars', head: 'Patrick Noonan',
  },
  {
    urn: 900037, name: 'Wexbourne Northgate Girls’ School', type: 'Foundation School', phase: 'SECONDARY', ages: [11, 18],
    town: 'Wexbourne', street: 'Northgate', gender: 'Girls', mail: 'northgate-girls', head: 'Helena Strand',
  },
  {
    urn: 900038, name: 'Wexbourne University Technical College', type: 'University Technical College', phase: 'SECONDARY', ages: [14, 19],
    town: 'Wexbourne', street: 'Foundry Quay', trust: '99002', mail: 'wexbourne-utc', head: 'Victor Lazenby',
  },
  {
    urn: 900039, name: 'Ropery Lane Infant and Nursery School', type: 'Community School', phase: 'PRIMARY', ages: [3, 7],
    town: 'Wexbourne', street: 'Ropery Lane', mail: 'ropery-lane', head: 'Grace Abara',
  },
  {
    urn: 900040, name: 'Foundry Street Junior School', type: 'Community School', phase: 'PRIMARY', ages: [7, 11],
    town: 'Wexbourne', street: 'Foundry Street', mail: 'foundry-street', head: 'Colin Babbage',
  },
];
