package harness

import "crosstalk/harness/history"

// renderedProbes show the marker in what the page renders, where a person can
// read it or has it read out.
func renderedProbes() []probe {
	rendered, field := history.SurfacePage, history.SurfaceField
	return []probe{
		{name: "text", what: "text of the page", surface: rendered, where: "h2.note", script: `put("h2",M).className="note";ready()`, also: []string{"markup"}},
		{
			name: "split-text", what: "text split over elements", surface: rendered,
			script: `const e=put("p","");for(const c of [M.slice(0,4),M.slice(4)])e.append(Object.assign(document.createElement("b"),{textContent:c}));ready()`,
			also:   []string{"markup"},
		},
		{name: "svg-text", what: "text of an SVG", surface: rendered, where: "text#t", also: []string{"markup"}, body: `<svg><text id=t y=20></text></svg>`, script: `t.textContent=M;ready()`},
		{
			name: "css-content", what: "CSS-generated content", surface: rendered, where: "p.c::after", body: `<style id=s></style><p class=c>for </p>`,
			script: `s.sheet.insertRule(".c::after{content:"+JSON.stringify(M)+"}");ready()`,
		},
		{name: "title", what: "the page's title", surface: rendered, where: "title", also: []string{"markup"}, script: `document.title=M;ready()`},
		{name: "alt", what: "an image's alternative text", surface: rendered, where: "img#i@alt", also: []string{"markup"}, body: `<img id=i src="data:,">`, script: `i.alt=M;ready()`},
		{name: "tooltip", what: "a title attribute", surface: rendered, where: "p@title", also: []string{"markup"}, script: `put("p","hover").title=M;ready()`},
		{name: "aria", what: "an aria-label", surface: rendered, where: "p@aria-label", also: []string{"markup"}, script: `put("p","x").setAttribute("aria-label",M);ready()`},
		{
			name: "placeholder", what: "a placeholder", surface: rendered, where: "input#i@placeholder", also: []string{"markup"},
			body: `<input id=i>`, script: `i.placeholder=M;ready()`,
		},
		{name: "option", what: "an option that is not chosen", surface: rendered, where: "select#s>option", also: []string{"markup"}, body: `<select id=s><option>none`, script: `s.append(new Option(M));ready()`},
		{name: "editable", what: "editable text", surface: rendered, where: "div", also: []string{"markup", "field"}, script: `const e=put("div",M);e.contentEditable="true";ready()`},
		{name: "input", what: "an input's value, set by a script", surface: field, where: "note", body: `<input name=note id=i>`, script: `i.value=M;ready()`},
		{name: "hidden-input", what: "a hidden input's value", surface: field, where: "note", also: []string{"markup"}, body: `<input type=hidden name=note id=i>`, script: `i.value=M;ready()`},
		{name: "textarea", what: "a textarea's value", surface: field, where: "note", body: `<textarea name=note id=i></textarea>`, script: `i.value=M;ready()`},
		{
			name: "selected", what: "the chosen option", surface: field, where: "note", also: []string{"markup", "page"},
			body: `<select name=note id=s><option>none</select>`, script: `s.append(new Option(M,"v",true,true));ready()`,
		},
		{
			name: "canvas", what: "text drawn with fillText", surface: rendered, where: "canvas#c", body: `<canvas id=c></canvas>`,
			script: `c.getContext("2d").fillText("for "+M,10,20);ready()`,
		},
		{
			name: "canvas-letters", what: "text drawn letter by letter", surface: rendered, where: "canvas#c", body: `<canvas id=c></canvas>`,
			script: `const x=c.getContext("2d");[...M].forEach((l,i)=>x.fillText(l,10+i*8,20));ready()`,
		},
		{
			name: "pixels", what: "letters drawn pixel by pixel", surface: rendered, body: `<canvas id=c width=400></canvas>`, script: drawnByPixels,
			blind: "a drawing of pixels says no letters; reading them is left to people",
		},
	}
}

// drawnByPixels draws M with a font of three by five dots.
const drawnByPixels = `const F=[31599,27566,29263,27502,29391,29385,29551,23533,29847,4687,23277,29257,24429,24573,31599,31689,31609,27565,29671,9367,31597,11117,24557,23213,9389,29351],
x=c.getContext("2d");[...M.toLowerCase()].forEach((l,i)=>{const g=F[l.charCodeAt(0)-97]||0;
for(let b=0;b<15;b++)if(g>>b&1)x.fillRect(i*8+b%3*2,(b/3|0)*2,2,2)});ready()`

// hiddenProbes show the marker in what the page holds and shows nobody, or
// only for a moment.
func hiddenProbes() []probe {
	rendered, markup := history.SurfacePage, history.SurfaceMarkup
	return []probe{
		{name: "hidden-text", what: "hidden text", surface: rendered, where: "p", also: []string{"markup"}, script: `put("p",M).style.display="none";ready()`},
		{name: "comment", what: "a comment", surface: markup, where: "body#comment", script: `document.body.append(new Comment(M));ready()`},
		{name: "template", what: "a template", surface: markup, where: "template#t>p", body: `<template id=t></template>`, script: `const p=document.createElement("p");p.textContent=M;t.content.append(p);ready()`},
		{
			name: "inline-state", what: "state in a script element", surface: markup, where: "script#__NEXT_DATA__$.props.note",
			script: `const e=document.createElement("script");e.type="application/json";e.id="__NEXT_DATA__";e.textContent=JSON.stringify({props:{note:M}});document.body.append(e);ready()`,
		},
		{name: "data-attribute", what: "a data- attribute that a script set", surface: markup, where: "p@data-note", script: `put("p","x").dataset.note=M;ready()`},
		{name: "meta", what: "a meta element that a script set", surface: markup, where: "head>meta@content", script: `const e=document.createElement("meta");e.name="note";e.content=M;document.head.append(e);ready()`},
		{
			name: "open-shadow", what: "text in an open shadow root", surface: rendered, where: "my-note>p", also: []string{"markup"},
			script: `put("my-note","").attachShadow({mode:"open"}).append(Object.assign(document.createElement("p"),{textContent:M}));ready()`,
		},
		{
			name: "closed-shadow", what: "text in a closed shadow root", surface: rendered, where: "my-note>p", also: []string{"markup"},
			script: `put("my-note","").attachShadow({mode:"closed"}).append(Object.assign(document.createElement("p"),{textContent:M}));ready()`,
		},
		{
			name: "unslotted", what: "a child without a slot in a declarative shadow root", surface: markup, where: "my-note#n>p", also: []string{"page"},
			body:   `<my-note id=n><template shadowrootmode=closed><p>nothing</p></template></my-note>`,
			script: `const p=document.createElement("p");p.textContent=M;n.append(p);ready()`,
		},
		{
			name: "one-frame", what: "text that stands for one frame", surface: rendered, where: "p",
			script: `requestAnimationFrame(()=>{const e=put("p",M);requestAnimationFrame(()=>{e.remove();ready()})})`,
		},
		{name: "one-task", what: "text that is added and removed in one task", surface: rendered, where: "p", script: `put("p",M).remove();ready()`},
		{name: "changed-text", what: "text that is replaced in one task", surface: rendered, where: "p", script: `const e=put("p","x");e.firstChild.data=M;e.firstChild.data="y";ready()`},
		{name: "title-flash", what: "a title that stands for a moment", surface: rendered, where: "title", script: `document.title=M;await pause(0);document.title="Probe";ready()`},
		{
			name: "interstitial", what: "a page that is left before anybody looks", surface: rendered, where: "p", also: []string{"markup"},
			script: `put("p","Signing in "+M);setTimeout(()=>location.replace(A+"/next"),30)`,
			more:   map[string]answer{"/next": page("", "ready()")},
		},
		{
			name: "written", what: "text that document.write put in place of the page", surface: rendered, where: "p", also: []string{"markup"},
			script: `await pause(20);document.open();document.write("<p>for "+M+"</p>");document.close();document.write("<p>all done</p>")`,
		},
		{
			name: "back", what: "text that stands after going back", surface: rendered, where: "p", also: []string{"markup"},
			script: `addEventListener("pageshow",(e)=>{if(e.persisted||performance.getEntriesByType("navigation")[0].type==="back_forward")put("p",M)});ready()`,
			more:   map[string]answer{"/next": page("", "ready()")},
			steps:  []string{`visit: "@@"`, `visit: "@@/next"`, `back:`, `see: {text: all done}`},
		},
	}
}

// frameProbes show the marker in documents below or beside the page.
func frameProbes() []probe {
	rendered := history.SurfacePage
	inner := func(script string) map[string]answer {
		return map[string]answer{"/inner": framed(script)}
	}
	const shows, waits = `put("p",M);tell()`, `addEventListener("message",ready);`
	return []probe{
		{name: "frame", what: "text of a frame of the same site", surface: rendered, where: "p", place: "GET @@/inner", also: []string{"markup GET @@/inner"}, body: `<iframe src="/p/frame/inner"></iframe>`, script: waits, more: inner(shows)},
		{
			name: "frame-srcdoc", what: "text of a frame without an address", surface: rendered, where: "iframe>p", also: []string{"markup"},
			script: `const f=document.createElement("iframe");f.onload=ready;f.srcdoc="<p>"+M+"</p>";document.body.append(f)`,
		},
		{
			name: "frame-blob", what: "text of a frame made of a blob", surface: rendered, where: "iframe>p", also: []string{"markup", "response GET blob:"},
			script: `const f=document.createElement("iframe");f.onload=ready;f.src=URL.createObjectURL(new Blob(["<p>"+M+"</p>"],{type:"text/html"}));document.body.append(f)`,
		},
		{
			name: "frame-cross", what: "text of a frame of another site", surface: rendered, where: "p", place: "GET {other}@@/inner", also: []string{"markup GET {other}@@/inner"},
			script: waits + `const f=document.createElement("iframe");f.src=OTHER+A+"/inner";document.body.append(f)`, more: inner(shows),
		},
		{
			name: "frame-nested", what: "text of a frame in a frame of another site", surface: rendered, where: "p", place: "GET {third}@@/inner", also: []string{"markup GET {third}@@/inner"},
			script: waits + `const f=document.createElement("iframe");f.src=OTHER+A+"/middle";document.body.append(f)`,
			more: map[string]answer{
				"/inner":  framed(shows),
				"/middle": framed(`const f=document.createElement("iframe");f.src=THIRD+A+"/inner";document.body.append(f)`),
			},
		},
		{
			name: "pop-up", what: "text of a pop-up", surface: rendered, where: "p", place: "GET @@/inner", also: []string{"markup GET @@/inner"},
			script: `addEventListener("message",ready);window.open(A+"/inner","note","width=400,height=300")`, more: inner(shows),
		},
		{
			name: "pop-up-closed", what: "text of a pop-up that closes itself", surface: rendered, place: "GET @@/inner", also: []string{"markup GET @@/inner"},
			script: `addEventListener("message",ready);window.open(A+"/inner","note","width=400,height=300")`, more: inner(`put("p",M);await pause(50);tell();close()`),
		},
		{
			name: "new-tab", what: "text of a tab without an opener", surface: rendered, where: "p", place: "GET @@/inner", also: []string{"markup GET @@/inner"},
			body: `<a id=a href="/p/new-tab/inner" target=_blank rel=noopener>open</a>`, script: `new BroadcastChannel("probe").onmessage=ready;a.click()`,
			more: inner(`put("p",M);new BroadcastChannel("probe").postMessage(1)`),
		},
	}
}

// framed is a document in a frame or pop-up; tell lets the page know.
func framed(script string) answer {
	return page("", `const tell=()=>{(window.opener||top).postMessage("done","*")};`+script)
}

// saidProbes show the marker beside the page.
func saidProbes() []probe {
	notice, console := history.SurfaceNotice, history.SurfaceConsole
	return []probe{
		{name: "alert", what: "an alert", surface: notice, where: "alert", script: `alert("for "+M);ready()`},
		{name: "confirm", what: "a confirm", surface: notice, where: "confirm", script: `confirm("for "+M);ready()`},
		{name: "prompt", what: "a prompt", surface: notice, where: "prompt", script: `prompt("for "+M,"");ready()`},
		{name: "notification", what: "a notification", surface: notice, where: "notification.body", script: `new Notification("News",{body:"for "+M});ready()`},
		{name: "console-text", what: "a text in the console", surface: console, where: "log", script: `console.log("for "+M);ready()`},
		{name: "console-object", what: "an object in the console", surface: console, where: "info›$.customer.note", script: `console.info({customer:{note:M}});ready()`},
		{name: "console-error", what: "an error that nobody caught", surface: console, script: `setTimeout(()=>{setTimeout(ready);throw new Error("for "+M)})`},
	}
}
