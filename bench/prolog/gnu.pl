% GNU Prolog, to native code: gplc --no-top-level -o gnu gnu.pl
:- include(worker).

version('gnu', V) :- current_prolog_flag(prolog_version, V).

cpu(Ns) :- statistics(user_time, [U, _]), statistics(system_time, [S, _]), Ns is (U + S) * 1000000.

:- initialization(main).
