% SWI-Prolog: swipl [-O] swi.pl
:- include(worker).

version('swi', V) :- current_prolog_flag(version, N), Major is N // 10000, Minor is (N // 100) mod 100, Patch is N mod 100,
    atomic_list_concat([Major, Minor, Patch], '.', V).

cpu(Ns) :- statistics(process_cputime, S), Ns is truncate(S * 1000000000).

:- initialization((main, halt), main).
