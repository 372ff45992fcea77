/** Areas of several local authorities that have no authority of their own, by the names that people give them: LA codes of DfE, or regions. */
export const COMBINED: Record<string, readonly string[]> = {
  'greater manchester': codes(350, 359),
  merseyside: codes(340, 344),
  'liverpool city region': [...codes(340, 344), '876'],
  'south yorkshire': codes(370, 373),
  'west yorkshire': codes(380, 384),
  yorkshire: ['810', '811', '815', '816', ...codes(370, 373), ...codes(380, 384)],
  'tyne and wear': codes(390, 394),
  'tees valley': [...codes(805, 808), '841'],
  'inner london': codes(201, 213),
  'outer london': codes(301, 320),
  'black country': ['332', '333', '335', '336'],
  midlands: ['East Midlands', 'West Midlands'],
  'east anglia': ['873', '874', '926', '935'],
  berkshire: codes(867, 872),
  sussex: ['845', '846', '938'],
  'west of england': ['800', '801', '803'],
};

function codes(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
}
