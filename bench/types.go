package bench

// The objects the policies are about. Programs hand over pointers to them.
type (
	// User of W6 to W8: roles stand in two lists, each entry naming what it is for.
	User struct {
		Id        int
		OrgRoles  []*OrgRole
		RepoRoles []*RepoRole
	}
	OrgRole struct {
		OrgId int
		Role  string
	}
	RepoRole struct {
		RepoId int
		Role   string
	}
	Org  struct{ Id int }
	Repo struct {
		Id  int
		Org *Org
	}
	Issue struct {
		Id       int
		AuthorId int
		Repo     *Repo
	}

	// OrgRepo is the repository of W21, which declares what its organization is.
	OrgRepo struct {
		Id    int
		OrgId int
		Org   *Org
	}

	// ChainUser and ChainDoc are those of W9.
	ChainUser struct{ DocRoles []*DocRole }
	DocRole   struct {
		DocId int
		Role  string
	}
	ChainDoc struct{ Id int }

	// Owner is a user of whom only the id counts: W10, W12, W16.
	Owner  struct{ Id int }
	Folder struct {
		OwnerId int
		Parent  *Folder
	}

	// Employee and Document are those of W11.
	Employee struct {
		Department string
		Clearance  int
		Region     string
		Age        int
	}
	Document struct {
		Department string
		Level      int
		Status     string
		Regions    []string
	}

	// LongDocument carries what the policy does not ask for.
	LongDocument struct {
		Document
		Rows []*Row
	}
	Row struct {
		Id   int
		Text string
	}

	// SharedDoc and Group are those of W12.
	SharedDoc struct{ Readers []*Group }
	Group     struct {
		MemberIds []int
		Subgroups []*Group
	}

	// Request is that of W14.
	Request struct{ Method, Path string }
	// IdDoc is that of W16.
	IdDoc struct{ Ids []int }
	// Named and Thing are those of W17.
	Named struct{ Name string }
	Thing struct{ Kind string }

	// Member is the user of W13, W18 and W24.
	Member struct {
		Dept  string
		Level int
	}
)

// The twenty resource classes of W13, W18 and W24.
type (
	Res0  struct{ Level int }
	Res1  Res0
	Res2  Res0
	Res3  Res0
	Res4  Res0
	Res5  Res0
	Res6  Res0
	Res7  Res0
	Res8  Res0
	Res9  Res0
	Res10 Res0
	Res11 Res0
	Res12 Res0
	Res13 Res0
	Res14 Res0
	Res15 Res0
	Res16 Res0
	Res17 Res0
	Res18 Res0
	Res19 Res0
)

// resources are values of the twenty classes, in order.
var resources = []any{Res0{}, Res1{}, Res2{}, Res3{}, Res4{}, Res5{}, Res6{}, Res7{}, Res8{}, Res9{},
	Res10{}, Res11{}, Res12{}, Res13{}, Res14{}, Res15{}, Res16{}, Res17{}, Res18{}, Res19{}}
