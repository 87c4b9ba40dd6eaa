import { Column, Entity, OneToMany, PrimaryGeneratedColumn } from 'typeorm';
import { Loan } from './Loan';

@Entity()
export class Member {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ unique: true })
  card!: string;

  @Column()
  name!: string;

  @OneToMany(() => Loan, (loan) => loan.member)
  loans!: Loan[];
}
