/** Advisory locks of the whole product, by number. Each is named here, so that no two share one. */
export const LOCKS = {
  migrations: 7_466_767,
  /** Held by the one publisher of the search index that works, for as long as its connection lives. */
  publisher: 7_466_768,
  importSchools: 7_466_769,
  importProviders: 7_466_770,
  searchBitmap: 7_466_771,
  /** With an LA’s code: held by whoever raises its minimum, and shared by whoever lists by it (migration 26). */
  minimum: 7_466_772,
} as const;
