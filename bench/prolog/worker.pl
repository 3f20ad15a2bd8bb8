% The worker of Prolog systems: W19 and W20, the rules of policy E word for word. It is included by swi.pl and gnu.pl, which define
% version/2 and cpu/1 (processor time in ns). The commands are those of package worker.

app([], Ys, Ys).
app([X|Xs], Ys, [X|Zs]) :- app(Xs, Ys, Zs).
nrev([], []).
nrev([X|Xs], R) :- nrev(Xs, T), app(T, [X], R).

fib(0, 1) :- !.
fib(1, 1) :- !.
fib(N, F) :- N1 is N-1, fib(N1, A), N2 is N-2, fib(N2, B), F is A+B.

queens(Ns, Qs) :- place(Ns, [], Qs).
place([], Qs, Qs).
place([U|Us], Done, Qs) :- sel(Q, [U|Us], Rest), safe(Q, 1, Done), place(Rest, [Q|Done], Qs).
sel(X, [X|Xs], Xs).
sel(X, [Y|Ys], [Y|Zs]) :- sel(X, Ys, Zs).
safe(_, _, []).
safe(Q, D, [P|Ps]) :- Q =\= P+D, Q =\= P-D, D1 is D+1, safe(Q, D1, Ps).

% problem(ID, Goal, Answer, Right): the goal of a problem, and what its answer must be.
problem('W19/nrev/n=30', nrev(L, R), R, W) :- numbers(1, 30, L), backwards(30, W).
problem('W20/fib/n=10', fib(10, R), R, 89).
problem('W20/fib/n=15', fib(15, R), R, 987).
problem('W20/fib/n=20', fib(20, R), R, 10946).
problem('W20/queens/n=6', queens(L, R), R, [5,3,1,6,4,2]) :- numbers(1, 6, L).
problem('W20/queens/n=8', queens(L, R), R, [4,2,7,3,6,8,5,1]) :- numbers(1, 8, L).

numbers(N, M, []) :- N > M, !.
numbers(N, M, [N|Ns]) :- N1 is N+1, numbers(N1, M, Ns).
backwards(0, []) :- !.
backwards(N, [N|Ns]) :- N1 is N-1, backwards(N1, Ns).

main :- serve(none).

serve(Job) :-
    words(Words),
    ( Words = end -> true
    ; ( catch(answer(Words, Job, Next), Error, (Next = Job, failed(Error))) -> true ; Next = Job, reply('{"error":"failed"}') ),
      serve(Next)
    ).

answer([hello|_], Job, Job) :- version(Name, Version), write('{"name":"'), write(Name), write('","version":"'), write(Version), reply('"}').
answer([prepare, ID|_], _, Job) :-
    ( problem(ID, _, _, _) -> Job = ID, check(ID) ; Job = none, reply('{"cannot":"only recursion without objects"}') ).
answer([check|_], ID, ID) :- check(ID).
answer([run, Count|_], ID, ID) :-
    problem(ID, Goal, _, _),
    atom_codes(Count, Codes), number_codes(N, Codes),
    cpu(Before), ask(N, Goal), cpu(After),
    Used is After-Before,
    write('{"cpu":'), write(Used), reply('}').
answer([parallel|_], Job, Job) :- reply('{"cannot":"one thread"}').
answer([memory|_], Job, Job) :- reply('{"cannot":"not measured"}').

check(ID) :-
    problem(ID, Goal, Answer, Right),
    ( once(Goal), Answer == Right -> reply('{}') ; reply('{"error":"a wrong answer"}') ).

ask(N, Goal) :- between(1, N, _), once(Goal), fail.
ask(_, _).

failed(Error) :- write('{"error":"'), write(Error), reply('"}').

reply(Text) :- write(Text), nl, flush_output.

% words reads a line as a list of atoms.
words(Words) :- get_code(C), ( C == -1 -> Words = end ; line(C, Codes), split(Codes, Words) ).
line(10, []) :- !.
line(-1, []) :- !.
line(C, [C|Cs]) :- get_code(D), line(D, Cs).
split(Codes, []) :- blank(Codes), !.
split(Codes, [W|Ws]) :- word(Codes, Cs, Rest), atom_codes(W, Cs), split(Rest, Ws).
blank([]).
blank([32|Cs]) :- blank(Cs).
word([], [], []).
word([32|Cs], [], Cs) :- !.
word([C|Cs], [C|Ws], Rest) :- word(Cs, Ws, Rest).
