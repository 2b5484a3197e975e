"""A reader's own word on a similar case."""

from alembic import op
import sqlalchemy as sa

from portal.store.tables import Instant

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'likeness_mark',
        sa.Column('member_id', sa.String(), nullable=False),
        sa.Column('document_id', sa.String(), nullable=False),
        sa.Column('other_id', sa.String(), nullable=False),
        sa.Column('good', sa.Boolean(), nullable=False),
        sa.Column('at', Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id']),
        sa.ForeignKeyConstraint(['document_id'], ['document.id']),
        sa.ForeignKeyConstraint(['other_id'], ['document.id']),
        sa.PrimaryKeyConstraint('member_id', 'document_id', 'other_id'),
    )


def downgrade() -> None:
    op.drop_table('likeness_mark')
