# Reads a coverage profile in which a block may occur once for each test binary, prints the coverage of each package and
# of all together, and fails if that is under the floor.
/^mode:/ { next }
{
	pkg = $1
	sub(/\/[^\/]*$/, "", pkg)
	if (!($1 in statements)) {
		statements[$1] = $2
		package[$1] = pkg
	}
	if ($3 > 0) covered[$1] = 1
}
END {
	for (block in statements) {
		all[package[block]] += statements[block]
		total += statements[block]
		if (block in covered) {
			hit[package[block]] += statements[block]
			totalHit += statements[block]
		}
	}
	for (pkg in all) printf "%5.1f %%  %s\n", 100 * hit[pkg] / all[pkg], pkg | "sort -k 3"
	close("sort -k 3")
	percent = 100 * totalHit / total
	printf "%5.1f %%  all %d statements; the floor is %d %%\n", percent, total, floor
	exit percent < floor
}
