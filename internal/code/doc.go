// Package code is where the compiler and the machine meet: the cells terms are made of, the instructions, and the program
// that holds them with everything they refer to. It also lists programs (Program.String) and checks them (Verify).
//
// # Cells
//
// A term is a 64-bit cell, or several that refer to each other:
//
//	 63                                              4 3    0
//	+------------------------------------------------+------+
//	| integer, index or address                      | tag  |
//	+------------------------------------------------+------+
//
// Integers of up to 60 bits, booleans, the empty list, and strings by number are whole in their cell. The others refer to
// words elsewhere: a pair (LST) to two words of the heap, a dictionary (DICT) to a count, that many keys in byte order, and as
// many values, a constant list (CLIST) to its elements in a row up to END. An index with PoolBit means the program's Pool,
// whose words are never written; without it, the heap of the query. REF, ALI and ATT are variables; package wam tells how they
// change.
//
//	[1, x]               h+0  INT 1      h+1  LST h+2         LST h+0 is the list
//	                     h+2  REF h+2    h+3  NIL             an unbound variable refers to itself
//	[1, 2] in the pool   i+0  INT 1      i+1  INT 2           i+2  END
//	{a: 1, b: true}      i+0  2          i+1  ATOM "a"        i+2  ATOM "b"   i+3  INT 1   i+4  BOOL 1
//
// # Programs
//
// A policy's program begins at address 0 with a few fixed instructions that the machine itself goes to; then come the
// clauses, one after the other. A Clause is described twice: as code, from Head, and as data (Params), for calls that the code
// is not made for; those run the parameters one at a time and enter the code at Body. A Pred has the clauses of one name and
// arity, their order by specificity if it is the same for all arguments, and what its clauses ask of each argument.
//
// A query's program runs on top of a policy's. Its addresses begin at QueryBase and the indexes of its pool behind those of the
// policy's; its classes are numbered behind the policy's; strings that the policy lacks are STR cells. Templates, patterns,
// sends and scans belong to the program of the instruction that names them. Neither program changes once it is built.
//
// # Instructions
//
// A register operand A, B or C is X[r] for r >= 0 and slot Y[-r-1] of the environment for r < 0; A! must be an X register, a
// level holds a number of choice points. C? is assigned if the flag F is set, else it is read and unified. T, M and S also
// name registers: those of a template, a pattern use, or a method call, construction or print. The other operands are listed
// at Info. The table is generated: go test ./internal/code -run TestInstructionTable -update
//
//	name            operands reads     assigns  effect
//	halt                                        the query has no more results
//	solution                                    report a result; going on means backtracking
//	wake_next                                   run the next woken constraint, or return to what was interrupted
//	proceed                                     return to the continuation
//	call            P                           call predicate P; continue at the next instruction
//	execute         P                           last call of predicate P
//	undefined       K                           error: no rule is named K
//	keyword_call                                error: keyword arguments in a rule call
//	invalid_goal    N                           error: a goal in prefix form with operands it cannot have (1: new of something that is no call)
//	allocate        N O                         push an environment of N slots; or make hop O, if there is one
//	deallocate                                  drop the environment, restore the continuation
//	fail                                        backtrack
//	jump            L                           go to L
//	get_const       A K      A!                 unify X[A] with constant K
//	get_value       A B      A! B               unify X[A] with B
//	get_list        A B C F  A!        B C      unify X[A] with [B, *C]; B and C are dst; C is touched if F
//	get_list_value  A B C F  A! B      C        unify X[A] with [B, *C]; C is dst, and touched if F
//	get_term        A T      A! T      T        unify X[A] with template T
//	is_class        A H F    A!                 X[A] must belong to class H; left to the next dot if F and unbound
//	is_union        A U      A!                 X[A] must belong to a class of union U
//	move            A B      A         B        B := A
//	put_arg         A B      A         B        B := A, marked as touched when unbound
//	put_var         A B                A B      A, B := fresh touched variable
//	put_fresh       A                  A        A := fresh untouched variable
//	put_const       B K                B        B := constant K
//	put_list        A B C    B C       A        A := [B, *C]
//	build           A T      T         A T      A := template T
//	unify           A B      A B                unify A and B
//	unify_const     A K      A                  unify A with constant K
//	assign          A B      A B                A := B of the language: A must be untouched
//	assign_error    A        A                  error: A is a parameter or constant
//	condition       A        A                  A must be true
//	compare         A B F    A B                compare A and B by operator F
//	compare_const   A K F    A                  compare A with constant K
//	arith           A B C F  A B       C        C := A op B; C is dst
//	arith_const     A C K F  A         C        C := A op K; C is dst
//	dot             A C K F W A         C?       C := A.K; dst if F is 1, else unified; if 2, C may have a class left to test; merged with W instructions
//	dot_var         A B C F  A B       C?       C := A.(B); dst if F, else unified
//	send            A C S F  A S       C?       C := A.S(...): a method call; dst if F, else unified
//	new             C S F    S         C?       C := new S(...); dst if F, else unified
//	match_class     A H      A                  A matches class H
//	match           A M      A M       M        A matches pattern use M
//	in              A B F Z  B         A?       A in B; A is dst if F; elements that fail a test of Z may be skipped
//	print           S        S                  print the arguments of S
//	debug                                       stop for a debugger
//	level           A                  A level  A := number of choice points
//	level_call      A                  A level  A := number of choice points when the rule was called
//	cut             A        A level            drop the choice points above A
//	try             L                           push a choice point that goes to L
//	retry           L                           the choice point just taken goes to L next
//	trust                                       drop the choice point just taken
//	not_begin       L                           push a barrier that goes to L when the negated goal has no more results
//	not_end                                     the negated goal has a result
//	not_exit                                    the negated goal is exhausted: leave the barrier
package code
