import assert from 'node:assert';
import { after, before, describe, it } from 'node:test';
import { openLibrary } from '../src/library';

describe('library', () => {
  let library: Awaited<ReturnType<typeof openLibrary>>;
  before(async () => {
    library = await openLibrary();
    await library.repos.tools.save([{ label: 'drill' }, { label: 'saw', days: 7 }, { label: 'vise' }, { label: 'jack' }]);
    await library.members.join('Ada', 'A1');
    await library.members.join('Ole', 'B2');
  });
  after(() => library.close());

  it('lends a tool to one only', async () => {
    const ada = await library.members.byCard('A1');
    const loan = await library.loans.lend(ada, 1, '2024-02-20');
    assert.equal(loan.due, '2024-03-05');
    await assert.rejects(library.loans.lend(await library.members.byCard('B2'), 1, '2024-02-21'), /drill is out until 2024-03-05/);
    await library.loans.giveBack(loan.id, '2024-02-22');
    assert.equal((await library.loans.lend(ada, 1, '2024-02-23')).due, '2024-03-08');
  });

  it('lends three to a member', async () => {
    const ada = await library.members.byCard('A1');
    await library.loans.lend(ada, 2, '2024-02-20');
    await library.loans.lend(ada, 3, '2024-02-20');
    await assert.rejects(library.loans.lend(ada, 4, '2024-02-20'), /Ada has 3 tools already/);
    assert.deepEqual(await library.overdue('2024-03-06'), ['Ada: saw, due 2024-02-27', 'Ada: vise, due 2024-03-05']);
  });

  it('knows its members', async () => {
    await library.members.rename(2, 'Abel');
    assert.deepEqual((await library.members.several([1, 2])).map(({ name }) => name), ['Abel', 'Ada']);
    await assert.rejects(library.members.byCard('C3'), { name: 'NotFound' });
    await assert.rejects(library.members.rename(7, 'x'), /no member 7/);
    await assert.rejects(library.loans.lend(await library.members.byCard('A1'), 9, '2024-02-20'), /no tool 9/);
  });
});
