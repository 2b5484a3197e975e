"""Groups, memberships, grants, walls, and the formation of a case file (*habilitations*)."""

from alembic import op
import sqlalchemy as sa
import portal.store.tables


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('member_group',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('note',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('membership',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('group_id', sa.String(), nullable=False),
    sa.Column('member_id', sa.String(), nullable=False),
    sa.Column('function', sa.String(), nullable=False),
    sa.Column('seconded', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('starts', portal.store.tables.Instant(timezone=True), nullable=False),
    sa.Column('ends', portal.store.tables.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['member_group.id'], ),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_membership_member_id'), ['member_id'], unique=False)

    op.create_table('wall',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('member_id', sa.String(), nullable=False),
    sa.Column('case_file_id', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('created', portal.store.tables.Instant(timezone=True), nullable=False),
    sa.Column('ended', portal.store.tables.Instant(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['case_file_id'], ['case_file.id'], ),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('wall', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wall_case_file_id'), ['case_file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_wall_member_id'), ['member_id'], unique=False)

    op.create_table('clearance_grant',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('member_id', sa.String(), nullable=True),
    sa.Column('group_id', sa.String(), nullable=True),
    sa.Column('document_id', sa.String(), nullable=True),
    sa.Column('case_file_id', sa.String(), nullable=True),
    sa.Column('audience', sa.String(), nullable=False),
    sa.Column('origin_id', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('starts', portal.store.tables.Instant(timezone=True), nullable=False),
    sa.Column('ends', portal.store.tables.Instant(timezone=True), nullable=False),
    sa.Column('ended', portal.store.tables.Instant(timezone=True), nullable=True),
    sa.Column('reviewed', portal.store.tables.Instant(timezone=True), nullable=True),
    sa.Column('reviewed_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['case_file_id'], ['case_file.id'], ),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], ),
    sa.ForeignKeyConstraint(['group_id'], ['member_group.id'], ),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['origin_id'], ['member.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('clearance_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clearance_grant_case_file_id'), ['case_file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_clearance_grant_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_clearance_grant_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_clearance_grant_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_clearance_grant_origin_id'), ['origin_id'], unique=False)

    op.add_column('case_file', sa.Column('bench_id', sa.String(), nullable=True))
    op.create_index('ix_case_file_bench_id', 'case_file', ['bench_id'])


def downgrade() -> None:
    op.drop_index('ix_case_file_bench_id', 'case_file')
    op.drop_column('case_file', 'bench_id')
    for table in ('clearance_grant', 'wall', 'membership', 'note', 'member_group'):
        op.drop_table(table)
