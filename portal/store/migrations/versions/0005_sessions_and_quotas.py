"""What device a session is on; how much each member deposited in a day."""

from alembic import op
import sqlalchemy as sa


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sign_in', sa.Column('device', sa.String(), nullable=False, server_default=''))
    op.create_table(
        'day_total',
        sa.Column('member_id', sa.String(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('octets', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id']),
        sa.PrimaryKeyConstraint('member_id', 'day'),
    )


def downgrade() -> None:
    op.drop_table('day_total')
    op.drop_column('sign_in', 'device')
