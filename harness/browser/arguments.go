package browser

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
)

// selfCheckHost is the name under which our own loopback server is reached.
// Chromium resolves it to loopback itself, and no proxy is asked for it.
const selfCheckHost = "self-check.localhost"

// arguments are the command line of a browser that is watched and not
// helped: nothing of its own goes over the network, nothing is throttled
// because a tab is in the background, and sites are isolated from each other
// as they are for people.
func arguments(o Options, profileDir string, sandbox bool) ([]string, error) {
	args := []string{
		"--remote-debugging-port=0",
		"--user-data-dir=" + profileDir,
		"--no-first-run",
		"--no-default-browser-check",
		"--no-startup-window",
		"--site-per-process",
		"--disable-gpu",
		"--disable-quic",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--disable-default-apps",
		"--disable-breakpad",
		"--disable-client-side-phishing-detection",
		"--disable-component-extensions-with-background-pages",
		"--disable-dev-shm-usage",
		"--disable-background-timer-throttling",
		"--disable-backgrounding-occluded-windows",
		"--disable-renderer-backgrounding",
		"--disable-hang-monitor",
		"--disable-ipc-flooding-protection",
		"--disable-popup-blocking",
		"--disable-prompt-on-repost",
		"--enable-automation",
		"--force-color-profile=srgb",
		"--metrics-recording-only",
		"--password-store=basic",
		"--use-mock-keychain",
		// The upgrade to https would ask a staging host for what nobody asked.
		"--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,Translate,MediaRouter,OptimizationHints",
	}
	if holdsByPipe {
		args = append(args, "--remote-debugging-pipe")
	}
	if !o.Headed {
		args = append(args, "--headless")
	}
	if !sandbox {
		args = append(args, "--no-sandbox")
	}
	if o.Proxy != "" {
		// Without "<-loopback>" a proxy is never asked for a shop on loopback.
		args = append(args, "--proxy-server="+o.Proxy, "--proxy-bypass-list=<-loopback>;"+selfCheckHost)
	}
	if len(o.TrustedKeys) > 0 {
		args = append(args, "--ignore-certificate-errors-spki-list="+strings.Join(o.TrustedKeys, ","))
	}
	rules, err := resolverRules(o.Resolve)
	if rules != "" {
		args = append(args, "--host-resolver-rules="+rules)
	}
	return args, err
}

// resolverRules turns HOST:IP pairs into Chromium's rules.
func resolverRules(pairs []string) (string, error) {
	var rules []string
	for _, pair := range pairs {
		host, address, _ := strings.Cut(pair, ":")
		ip := net.ParseIP(strings.Trim(address, "[]"))
		if host == "" || strings.ContainsAny(host, " ,") || ip == nil {
			return "", fmt.Errorf("resolve %q: want HOST:IP", pair)
		}
		target := ip.String()
		if ip.To4() == nil {
			target = "[" + target + "]"
		}
		rules = append(rules, "MAP "+host+" "+target)
	}
	return strings.Join(rules, ","), nil
}

// isShell reports whether a binary is a headless shell, which has no windows.
func isShell(path string) bool {
	name := strings.ReplaceAll(strings.ToLower(filepath.Base(path)), "_", "-")
	return strings.Contains(name, "headless")
}

// isAddress reports whether a browser is named by where it listens.
func isAddress(path string) bool {
	for _, scheme := range []string{"ws://", "wss://", "http://", "https://"} {
		if strings.HasPrefix(path, scheme) {
			return true
		}
	}
	return false
}
