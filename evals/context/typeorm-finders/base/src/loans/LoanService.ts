import type { Repositories } from '../db/repositories';
import { addDays } from '../dates';
import type { Loan } from '../entities/Loan';
import type { Member } from '../entities/Member';
import { NotFound, Refused } from '../errors';

const MOST = 3;

export class LoanService {
  constructor(private readonly repos: Repositories) {}

  async lend(member: Member, toolId: number, today: string): Promise<Loan> {
    const tool = await this.repos.tools.findOne(toolId);
    if (!tool) throw new NotFound('tool', toolId);
    const taken = await this.repos.loans.findOne({ tool, returned: null });
    if (taken) throw new Refused(`${tool.label} is out until ${taken.due}`);
    const open = await this.repos.loans.count({ member, returned: null });
    if (open >= MOST) throw new Refused(`${member.name} has ${open} tools already`);
    return this.repos.loans.save({ member, tool, due: addDays(today, tool.days), returned: null });
  }

  async giveBack(id: number, today: string): Promise<Loan> {
    const loan = await this.repos.loans.findOneOrFail(id, { relations: ['tool'] });
    loan.returned = today;
    return this.repos.loans.save(loan);
  }
}
