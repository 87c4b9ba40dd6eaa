import { IsNull, LessThan } from 'typeorm';
import type { Repositories } from '../db/repositories';

/** Who has to be written to. */
export async function overdue(repos: Repositories, today: string): Promise<string[]> {
  const loans = await repos.loans.find({
    where: { due: LessThan(today), returned: IsNull() },
    relations: ['member', 'tool'],
    order: { due: 'ASC' },
  });
  return loans.map(({ member, tool, due }) => `${member.name}: ${tool.label}, due ${due}`);
}
