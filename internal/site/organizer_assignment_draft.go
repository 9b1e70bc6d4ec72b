package site

import (
	"slices"
	"sync"

	"laurel/internal/jury"
)

const (
	draftsKept = 6       // plans that are remembered
	largeDraft = 500_000 // films times jurors from which plans are made one after the other
)

// drafts remembers the plans that were made last, so that the pages of a large
// draft, and applying it, do not make it again. A plan depends on nothing but its
// question: a forgotten one comes out the same.
type drafts struct {
	mu     sync.Mutex
	recent []remembered // the newest last
	large  sync.Mutex   // held while a large plan is made: one at a time
}

type remembered struct {
	question string
	plan     jury.Plan
}

// plan is the plan for a desk, made now or remembered. No transaction is open
// meanwhile.
func (m *drafts) plan(d jury.Desk, ask jury.Ask) (jury.Plan, error) {
	question := d.Question(ask)
	if plan, ok := m.recall(question); ok {
		return plan, nil
	}
	if len(d.Films)*len(d.Seats) >= largeDraft {
		m.large.Lock()
		defer m.large.Unlock()
		if plan, ok := m.recall(question); ok {
			return plan, nil
		}
	}
	plan, err := d.Plan(ask)
	if err != nil {
		return plan, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.recent = append(m.recent, remembered{question, plan})
	m.recent = m.recent[max(0, len(m.recent)-draftsKept):]
	return plan, nil
}

func (m *drafts) recall(question string) (jury.Plan, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.recent, func(r remembered) bool { return r.question == question })
	if i < 0 {
		return jury.Plan{}, false
	}
	return m.recent[i].plan, true
}
