package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// endpointOf finds the DevTools endpoint that an address stands for. One with
// a path or query is the endpoint itself; a bare host and port is asked for
// it, as Chromium's own debugging port answers.
func endpointOf(ctx context.Context, address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("read browser address: %w", untold(err))
	}
	asks := map[string]string{"ws": "http", "wss": "https", "http": "http", "https": "https"}
	speaks := map[string]string{"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
	if (u.Path != "" && u.Path != "/") || u.RawQuery != "" {
		u.Scheme = speaks[u.Scheme]
		return u.String(), nil
	}
	question := url.URL{Scheme: asks[u.Scheme], Host: u.Host, User: u.User, Path: "/json/version"}
	found, err := askEndpoint(ctx, question.String())
	if err != nil {
		return "", fmt.Errorf("ask %s for its endpoint: %w", u.Host, untold(err))
	}
	// The browser knows itself by another name than we do.
	found.Scheme, found.Host, found.User = speaks[u.Scheme], u.Host, u.User
	return found.String(), nil
}

func askEndpoint(ctx context.Context, question string) (*url.URL, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, question, nil)
	if err != nil {
		return nil, err
	}
	request.Close = true // nothing else will be asked
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		URL string `json:"webSocketDebuggerUrl"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("status %d: %w", response.StatusCode, err)
	}
	if answer.URL == "" {
		return nil, fmt.Errorf("status %d, and no webSocketDebuggerUrl in the answer", response.StatusCode)
	}
	return url.Parse(answer.URL)
}

// shown is an address or path as it may be printed: a grid's address can
// carry a token.
func shown(path string) string {
	if !isAddress(path) {
		return path
	}
	u, err := url.Parse(path)
	if err != nil {
		return "at an address that can't be read"
	}
	u.User, u.RawQuery = nil, ""
	return u.String()
}

// untold is err without the address that net/http puts into its errors.
func untold(err error) error {
	var told *url.Error
	if errors.As(err, &told) {
		return told.Err
	}
	return err
}
