"""The journal only grows."""

from alembic import op

from portal.store.fence import lower_fence, raise_fence

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    raise_fence(op.get_bind())


def downgrade() -> None:
    lower_fence(op.get_bind())
