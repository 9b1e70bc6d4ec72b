package assign

func connect(p Problem, order [][]Aim, plan Plan) (Plan, error) { return plan, nil }
