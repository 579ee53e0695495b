import { describe, expect, it } from '@jest/globals';
import { MalformedAnswer, VendorUnavailable } from '../../src/errors.ts';
import { readSlice, type SliceRequest } from '../../src/loaders/slices.ts';
import type { RowWindow } from '../../src/vendors/vendor.ts';

/** A list of the numbers below `length`, which notes the windows that were asked for. */
function createList(length: number) {
  const windows: RowWindow[] = [];
  const request = (changes: Partial<SliceRequest<number>> = {}): SliceRequest<number> => ({
    from: 0,
    count: 10,
    rowsPerWindow: 4,
    scanLimitRows: 100,
    readWindow: async (window) => {
      windows.push(window);
      const rows = Array.from({ length }, (_, row) => row).slice(window.offset, window.offset + window.count);
      return { rows, isLast: rows.length < window.count };
    },
    ...changes,
  });
  return { windows, request };
}

describe('a slice', () => {
  it('is read in windows no wider than the account answers, and no row further than is wanted', async () => {
    const { windows, request } = createList(50);
    const slice = await readSlice(request({ from: 3 }));
    expect(windows).toEqual([
      { offset: 3, count: 4 },
      { offset: 7, count: 4 },
      { offset: 11, count: 2 },
    ]);
    expect(slice.rows).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(slice).toMatchObject({ end: 13, state: 'MORE' });
  });

  it('knows the end of the list by a window that says so', async () => {
    const { request } = createList(6);
    expect(await readSlice(request())).toMatchObject({ rows: { length: 6 }, end: null, state: 'COMPLETE' });
    expect(await readSlice(request({ count: 6 }))).toMatchObject({ rows: { length: 6 }, end: 6, state: 'MORE' });
    expect(await readSlice(request({ from: 6 }))).toEqual({ rows: [], positions: [], end: null, state: 'COMPLETE' });
    expect(await readSlice(request({ from: 60 }))).toEqual({ rows: [], positions: [], end: null, state: 'COMPLETE' });
  });

  it('ends at the scan limit, and goes on from there', async () => {
    const { windows, request } = createList(50);
    const matches = (row: number) => row === 13;
    const first = await readSlice(request({ matches, scanLimitRows: 10 }));
    expect(first).toEqual({ rows: [], positions: [], end: 10, state: 'SCAN_LIMIT' });
    expect(windows.map(({ count }) => count)).toEqual([4, 4, 2]);
    expect(await readSlice(request({ matches, scanLimitRows: 10, from: 10, count: 1 }))).toEqual({
      rows: [13],
      positions: [14],
      end: 14,
      state: 'MORE',
    });
  });

  it('ends where a call fails, with what came before', async () => {
    const { request } = createList(50);
    const failure = new VendorUnavailable('x', 'down');
    const { readWindow } = request();
    const slice = await readSlice(
      request({ readWindow: (window) => (window.offset < 8 ? readWindow(window) : Promise.reject(failure)) }),
    );
    expect(slice).toMatchObject({ rows: { length: 8 }, end: 8, state: 'FAILED', failure });
  });

  it('keeps the place of a row that cannot be read, even where a filter is looked for', async () => {
    const unreadable = new MalformedAnswer('x', 'row 1');
    const readWindow = async () => ({ rows: [0, unreadable, 2], isLast: true });
    for (const matches of [undefined, (row: number) => row === 2]) {
      const { rows, positions } = await readSlice(createList(0).request({ readWindow, matches }));
      expect([rows.slice(-2), positions.slice(-2)]).toEqual([
        [unreadable, 2],
        [2, 3],
      ]);
    }
  });

  it('hands on what is no failure of the vendor', async () => {
    const readWindow = () => Promise.reject(new TypeError('ours'));
    await expect(readSlice(createList(0).request({ readWindow }))).rejects.toThrow('ours');
  });
});
