import type { Repositories } from '../db/repositories';
import type { Member } from '../entities/Member';
import { NotFound } from '../errors';

export class MemberService {
  constructor(private readonly repos: Repositories) {}

  join(name: string, card: string): Promise<Member> {
    return this.repos.members.save({ name, card });
  }

  async byCard(card: string): Promise<Member> {
    const member = await this.repos.members.findOne({ card });
    if (!member) throw new NotFound('card', card);
    return member;
  }

  async rename(id: number, name: string): Promise<Member> {
    const member = await this.repos.members.findOne(id);
    if (!member) throw new NotFound('member', id);
    member.name = name;
    return this.repos.members.save(member);
  }

  several(ids: number[]): Promise<Member[]> {
    return this.repos.members.findByIds(ids, { order: { name: 'ASC' } });
  }
}
