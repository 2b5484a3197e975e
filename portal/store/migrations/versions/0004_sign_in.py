"""Sign-in by a provider, local accounts, scopes of tokens. Everyone signs in again."""

from alembic import op
import sqlalchemy as sa
from portal.store.tables import Instant


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

EVERYTHING = '["ingest", "read", "write"]'


def upgrade() -> None:
    op.add_column('member', sa.Column('email', sa.String(), nullable=False, server_default=''))
    op.add_column('token', sa.Column('scopes', sa.JSON(), nullable=False, server_default=EVERYTHING))
    op.add_column('token', sa.Column('used', Instant(timezone=True), nullable=True))
    op.drop_table('sign_in')
    op.create_table(
        'sign_in',
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('member_id', sa.String(), nullable=False),
        sa.Column('csrf', sa.String(), nullable=False),
        sa.Column('created', Instant(timezone=True), nullable=False),
        sa.Column('seen', Instant(timezone=True), nullable=False),
        sa.Column('authenticated', Instant(timezone=True), nullable=False),
        sa.Column('issuer', sa.String(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('provider_session', sa.String(), nullable=False),
        sa.Column('id_token', sa.Text(), nullable=False),
        sa.Column('refresh_token', sa.Text(), nullable=False),
        sa.Column('renewed', Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id']),
        sa.PrimaryKeyConstraint('digest'),
    )
    op.create_index('ix_sign_in_key', 'sign_in', ['key'], unique=True)
    for column in ('member_id', 'subject', 'provider_session'):
        op.create_index(f'ix_sign_in_{column}', 'sign_in', [column])
    op.create_table(
        'identity',
        sa.Column('issuer', sa.String(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('member_id', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id']),
        sa.PrimaryKeyConstraint('issuer', 'subject'),
    )
    op.create_index('ix_identity_member_id', 'identity', ['member_id'])
    op.create_table(
        'spent',
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('until', Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('name'),
    )
    op.create_index('ix_spent_until', 'spent', ['until'])
    op.create_table(
        'account',
        sa.Column('member_id', sa.String(), nullable=False),
        sa.Column('password', sa.String(), nullable=False),
        sa.Column('secret', sa.String(), nullable=False),
        sa.Column('step', sa.BigInteger(), nullable=False),
        sa.Column('created', Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id']),
        sa.PrimaryKeyConstraint('member_id'),
    )
    op.create_table(
        'attempt',
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('until', Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('name'),
    )
    op.create_index('ix_attempt_until', 'attempt', ['until'])


def downgrade() -> None:
    for table in ('attempt', 'account', 'spent', 'identity'):
        op.drop_table(table)
    op.drop_table('sign_in')
    op.create_table(
        'sign_in',
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('member_id', sa.String(), nullable=False),
        sa.Column('csrf', sa.String(), nullable=False),
        sa.Column('created', Instant(timezone=True), nullable=False),
        sa.Column('seen', Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id']),
        sa.PrimaryKeyConstraint('digest'),
    )
    op.create_index('ix_sign_in_member_id', 'sign_in', ['member_id'])
    op.drop_column('token', 'used')
    op.drop_column('token', 'scopes')
    op.drop_column('member', 'email')
