package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// drawing collects the elements of an SVG picture.
type drawing struct {
	width, height float64
	b             strings.Builder
}

// ink is the colour of text, faint of what stays behind.
const (
	ink   = "#1f2933"
	soft  = "#616e7c"
	faint = "#d9dee4"
	paper = "#ffffff"
	band  = "#f5f7fa"
)

// colours of contestants: those of a family are alike.
var colours = map[string]string{
	ours: "#111827", "floor": "#9aa5b1",
	"oso-wasm": "#e12d39", "oso-js": "#f0908b", "go-oso": "#9b1c31",
	"cedar": "#2563eb", "casbin": "#0e9f9a", "opa-map": "#7c3aed", "opa-parsed": "#b79cf5", "cel": "#2f855a", "expr": "#8fb339",
	"swi": "#c05621", "swi-O": "#f6ad55", "gnu": "#d53f8c",
}

func (d *drawing) add(format string, args ...any) { fmt.Fprintf(&d.b, format+"\n", args...) }

func (d *drawing) line(x1, y1, x2, y2 float64, colour string, width float64, more string) {
	d.add(`<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="%.1f" %s/>`, x1, y1, x2, y2, colour, width, more)
}

func (d *drawing) rect(x, y, w, h float64, fill string) {
	d.add(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`, x, y, w, h, fill)
}

func (d *drawing) dot(x, y, r float64, colour, title string) {
	d.add(`<circle cx="%.1f" cy="%.1f" r="%.1f" fill="%s" stroke="%s" stroke-width="1"><title>%s</title></circle>`, x, y, r, colour, paper, html.EscapeString(title))
}

// text writes at a baseline; anchor is start, middle or end.
func (d *drawing) text(x, y, size float64, colour, anchor, weight, text string) {
	d.add(`<text x="%.1f" y="%.1f" font-size="%.1f" fill="%s" text-anchor="%s" font-weight="%s">%s</text>`, x, y, size, colour, anchor, weight, html.EscapeString(text))
}

func (d *drawing) String() string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="Inter, Helvetica, Arial, 'DejaVu Sans', sans-serif">
<rect width="100%%" height="100%%" fill="%s"/>
%s</svg>
`, d.width, d.height, d.width, d.height, paper, d.b.String())
}

// axis maps logarithms to a stretch of the picture.
type axis struct{ from, to, low, high float64 } // low and high are powers of ten

func (a axis) at(v float64) float64 {
	return a.from + (math.Log10(v)-a.low)/(a.high-a.low)*(a.to-a.from)
}

// around returns an axis that holds all values, from one power of ten to another.
func around(from, to float64, values []float64) axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v > 0 && !math.IsInf(v, 0) {
			low, high = min(low, math.Log10(v)), max(high, math.Log10(v))
		}
	}
	if low > high {
		low, high = 0, 1
	}
	low, high = math.Floor(low+1e-9), math.Ceil(high-1e-9)
	if low == high {
		high++
	}
	return axis{from, to, low, high}
}

// ratiosPicture shows for each problem how many times as long as Goso the others take: dots for medians, lines from quartile to
// quartile.
func (r *Report) ratiosPicture() string {
	columns := r.columns()
	if len(columns) == 0 {
		return ""
	}
	const left, right, rowHeight = 250.0, 40.0, 25.0
	const perLegendRow = 4
	legendRows := (len(columns) + perLegendRow - 1) / perLegendRow
	top := 118 + 20*float64(legendRows)
	d := &drawing{width: 1180, height: top + rowHeight*float64(len(r.Problems)) + 56}
	var values []float64
	for _, p := range r.Problems {
		for _, c := range columns {
			if e := p.Entries[c.Key]; e.ran() {
				q1, _, q3 := quartiles(e.Ratios)
				values = append(values, q1, q3)
			}
		}
	}
	x := around(left+116, d.width-right, append(values, 0.5, 2))
	bottom := d.height - 50

	d.text(24, 36, 21, ink, "start", "700", "How many times as long as Goso")
	d.text(24, 58, 13, soft, "start", "400", "One row a question. A dot is the median of the rounds' ratios of processor time, its line reaches from quartile to quartile.")
	d.text(24, 76, 13, soft, "start", "400", "Right of the black line, Goso is faster; hollow dots have an easier form of the question.")
	for i, c := range columns {
		lx, ly := 30+285*float64(i%perLegendRow), 104+20*float64(i/perLegendRow)
		d.dot(lx, ly-4, 5, colours[c.Key], c.Name)
		d.text(lx+12, ly, 13, ink, "start", "400", strings.TrimSpace(c.Name+" "+c.Version))
	}
	for i, p := range r.Problems {
		y := top + rowHeight*float64(i)
		if i%2 == 0 {
			d.rect(16, y, d.width-32, rowHeight, band)
		}
		d.text(24, y+17, 13, ink, "start", "400", p.ID)
		d.text(left+66, y+17, 12, soft, "end", "400", duration(median(p.Entries[ours].Times)))
	}
	d.text(left+66, top-8, 12, soft, "end", "400", "Goso")
	for power := x.low; power <= x.high; power++ {
		at := x.at(math.Pow(10, power))
		d.line(at, top, at, bottom, faint, 1, "")
		d.text(at, bottom+18, 12, soft, "middle", "400", factor(power))
		d.text(at, top-8, 12, soft, "middle", "400", factor(power))
	}
	one := x.at(1)
	d.line(one, top, one, bottom, colours[ours], 2, "")
	for i, p := range r.Problems {
		y := top + rowHeight*float64(i) + rowHeight/2
		for _, key := range p.byRatio() {
			e := p.Entries[key]
			q1, m, q3 := quartiles(e.Ratios)
			title := fmt.Sprintf("%s: %s (%s to %s), %s", r.contestant(key).Name, times(m), times(q1), times(q3), duration(median(e.Times)))
			d.line(x.at(q1), y, x.at(q3), y, colours[key], 3, `stroke-linecap="round" stroke-opacity="0.45"`)
			if e.Easier != "" {
				d.add(`<circle cx="%.1f" cy="%.1f" r="4.2" fill="%s" stroke="%s" stroke-width="2.4"><title>%s</title></circle>`, x.at(m), y, paper, colours[key], html.EscapeString(title))
			} else {
				d.dot(x.at(m), y, 5.4, colours[key], title)
			}
		}
	}
	d.text(24, d.height-14, 11.5, soft, "start", "400", strings.Join(r.head(), "; "))
	return d.String()
}

// factor writes a power of ten as a factor: 1/10×, 1×, 10×.
func factor(power float64) string {
	if power < 0 {
		return "1/" + factor(-power)
	}
	return whole(digits(math.Pow(10, power))) + "×"
}

// whole leaves out decimals that say nothing.
func whole(number string) string {
	number, _, _ = strings.Cut(number, ".")
	return number
}

// growthPicture shows the curves of all series, one panel each.
func (r *Report) growthPicture() string {
	if len(r.Growth) == 0 {
		return ""
	}
	const across, panelWidth, panelHeight, margin = 4, 292.0, 228.0, 20.0
	rows := (len(r.Growth) + across - 1) / across
	d := &drawing{width: across*panelWidth + 2*margin, height: 128 + float64(rows)*panelHeight + 34}
	d.text(margin+4, 36, 21, ink, "start", "700", "What a question costs as one thing grows")
	d.text(margin+4, 58, 13, soft, "start", "400", "Processor time per question over n, both axes logarithmic: a flat line does not grow, a line parallel to the dotted one grows in proportion.")
	d.text(margin+4, 76, 13, soft, "start", "400", "The numbers are fitted slopes. Steps (calls, clauses tried and entered, choice points, requests) are counted, so they have no noise.")
	lx := margin + 10
	for _, key := range []string{ours, "go-oso", "oso-wasm"} {
		if c := r.contestant(key); c.NotRun == "" {
			d.dot(lx, 98, 5, colours[key], c.Name)
			d.text(lx+12, 102, 13, ink, "start", "400", c.Name)
			lx += 42 + 8*float64(len(c.Name))
		}
	}
	for i := range r.Growth {
		r.panel(d, &r.Growth[i], margin+panelWidth*float64(i%across), 122+panelHeight*float64(i/across), panelWidth-14, panelHeight-14)
	}
	d.text(margin+4, d.height-14, 11.5, soft, "start", "400", r.head()[0])
	return d.String()
}

// panel draws one series.
func (r *Report) panel(d *drawing, s *Series, left, top, width, height float64) {
	var sizes, values []float64
	for _, p := range s.Points {
		sizes = append(sizes, float64(p.N))
		for _, t := range p.Seconds {
			values = append(values, t*1e9)
		}
	}
	d.rect(left, top, width, height, band)
	d.text(left+10, top+18, 12, ink, "start", "700", s.What)
	x, y := around(left+56, left+width-14, sizes), around(top+height-28, top+46, values)
	if len(sizes) > 0 {
		x.low, x.high = math.Log10(sizes[0]), math.Log10(sizes[len(sizes)-1])
		if x.low == x.high {
			x.high++
		}
	}
	step := max(1, math.Ceil((y.high-y.low)/4))
	for power := y.low; power <= y.high; power += step {
		at := y.at(math.Pow(10, power))
		d.line(x.from, at, x.to, at, faint, 1, "")
		d.text(left+50, at+4, 10.5, soft, "end", "400", powerText(power))
	}
	for i, n := range sizes {
		if i > 0 && i < len(sizes)-1 && len(sizes) > 4 && i%2 == 1 {
			continue
		}
		anchor := "middle"
		if i == len(sizes)-1 {
			anchor = "end"
		}
		d.text(x.at(n)+float64(map[bool]int{true: 6}[anchor == "end"]), top+height-12, 10.5, soft, anchor, "400", sizeText(n))
	}
	d.proportional(x, y)
	for _, key := range []string{"oso-wasm", "go-oso", ours} {
		var points []string
		for _, p := range s.Points {
			if t, ok := p.Seconds[key]; ok && t > 0 {
				points = append(points, fmt.Sprintf("%.1f,%.1f", x.at(float64(p.N)), y.at(t*1e9)))
			}
		}
		if len(points) == 0 {
			continue
		}
		d.add(`<polyline points="%s" fill="none" stroke="%s" stroke-width="2" stroke-linejoin="round"/>`, strings.Join(points, " "), colours[key])
		for _, p := range s.Points {
			if t, ok := p.Seconds[key]; ok && t > 0 {
				d.dot(x.at(float64(p.N)), y.at(t*1e9), 3.4, colours[key], fmt.Sprintf("%s, n = %d: %s", r.contestant(key).Name, p.N, duration(t*1e9)))
			}
		}
	}
	r.slopes(d, s, left+10, top+34)
}

// powerText writes a power of ten of nanoseconds.
func powerText(power float64) string {
	number, unit, _ := strings.Cut(duration(math.Pow(10, power)*1.0001), " ")
	return whole(number) + " " + unit
}

// slopes writes the fitted slopes under a panel's title.
func (r *Report) slopes(d *drawing, s *Series, x, y float64) {
	var parts []string
	if !s.Timed {
		parts = append(parts, fmt.Sprintf(`<tspan fill="%s" font-weight="700">steps %s</tspan>`, colours[ours], slopeText(s.countSlope())))
	}
	for _, key := range []string{ours, "go-oso", "oso-wasm"} {
		if text := slopeText(s.timeSlope(key)); text != "" {
			parts = append(parts, fmt.Sprintf(`<tspan fill="%s">%s</tspan>`, colours[key], map[string]string{ours: "time ", "go-oso": "go-oso ", "oso-wasm": "wasm "}[key]+text))
		}
	}
	d.add(`<text x="%.1f" y="%.1f" font-size="10.5">%s</text>`, x, y, strings.Join(parts, `<tspan fill="`+soft+`"> · </tspan>`))
}

// proportional draws a dotted line that grows as n does, from the lower left corner as far as it fits.
func (d *drawing) proportional(x, y axis) {
	high := min(x.high-x.low, y.high-y.low)
	d.line(x.from, y.from, x.at(math.Pow(10, x.low+high)), y.at(math.Pow(10, y.low+high)), "#9aa5b1", 1, `stroke-dasharray="2 4"`)
}

// sizeText writes a size in few characters.
func sizeText(n float64) string {
	switch {
	case n >= 1e6:
		return fmt.Sprintf("%gM", n/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%gk", n/1e3)
	}
	return fmt.Sprintf("%g", n)
}
