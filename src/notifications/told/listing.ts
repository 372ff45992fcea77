import { nobody, type ProcessNotices } from '../telling.js';

export const listingNotices: ProcessNotices = {
  process: 'Listing',
  transitions: {
    create: nobody('A draft is its provider’s, whose people write it.'),
    import: nobody('It comes with its provider, which has no people here yet.'),
    importUnfinished: nobody('It comes with its provider, which has no people here yet.'),
    publish: nobody('Whoever looks for it finds it.'),
    unpublish: nobody('Where it was written down, on a shortlist or a request, it shows as taken down.'),
    remove: nobody('Where it was written down, on a shortlist or a request, it shows as taken down.'),
  },
};
