package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	composecli "github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

func TestComposeFile(t *testing.T) {
	t.Parallel()
	project := compose(t, "POSTGRES_PASSWORD=secret")
	laurel, err := project.GetService("laurel")
	if err != nil {
		t.Fatal(err)
	}
	if laurel.Build == nil || strings.Count(laurel.Build.DockerfileInline, "FROM ") != 2 || !strings.Contains(laurel.Build.DockerfileInline, "\nUSER ") {
		t.Error("laurel is not built in two stages for an ordinary user")
	}
	for name, s := range project.Services {
		if s.HealthCheck == nil {
			t.Errorf("%s has no health check", name)
		}
		for _, p := range s.Ports {
			if p.HostIP != "127.0.0.1" {
				t.Errorf("%s publishes port %s to the world", name, p.Published)
			}
		}
	}
	if laurel.DependsOn["postgres"].Condition != types.ServiceConditionHealthy {
		t.Error("laurel does not wait for its database")
	}
}

// TestComposeFileSetsWhatLaurelReads compares the variables with the command
// line that reads them.
func TestComposeFileSetsWhatLaurelReads(t *testing.T) {
	t.Parallel()
	parser, err := kong.New(new(cli), kong.Vars{"data": "/data"})
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, f := range flagsOf(parser.Model) {
		known = append(known, f.Envs[0])
	}
	laurel := compose(t, "POSTGRES_PASSWORD=secret").Services["laurel"]
	for name := range laurel.Environment {
		if !slices.Contains(known, name) {
			t.Errorf("the compose file sets %s, which Laurel does not read", name)
		}
	}
}

func TestComposeFileHoldsNoSecret(t *testing.T) {
	t.Parallel()
	_, err := load(t)
	if err == nil || !strings.Contains(err.Error(), "choose a password of letters") {
		t.Errorf("without a password: %v", err)
	}
}

func compose(t *testing.T, env ...string) *types.Project {
	t.Helper()
	p, err := load(t, env...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func load(t *testing.T, env ...string) (*types.Project, error) {
	t.Helper()
	o, err := composecli.NewProjectOptions([]string{root + "/docker-compose.yml"}, composecli.WithEnv(env))
	if err != nil {
		t.Fatal(err)
	}
	return o.LoadProject(t.Context())
}
